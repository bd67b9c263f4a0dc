/// One vendor token, good for one connection. It prints as `<redacted>` everywhere.
package struct UpstreamToken: Sendable {
    /// Longer tokens would not fit in a request line that servers accept.
    package static let longest = 8192

    private let value: String
    /// The JWT's `exp`, in seconds since the Unix epoch (RFC 7519 §4.1.4); `nil` when the token is no JWT or has none.
    package let expiresAt: Int64?

    /// `nil` when the text is empty, longer than `longest` bytes, or has anything but visible ASCII in it.
    package init?(_ value: String) {
        guard (1...Self.longest).contains(value.utf8.count), value.utf8.allSatisfy({ (33...126).contains($0) }) else {
            return nil
        }
        self.value = value
        self.expiresAt = JSONWebToken.expiry(of: value)
    }

    /// How long it is still good by its own account; `nil` when it gives none. Much of what strangers may write into
    /// `exp` is no time at all: more than a day is taken for a day.
    package func lifetime(at seconds: Int64) -> Duration? {
        expiresAt.map { .seconds(min(max($0 - seconds, -86_400), 86_400)) }
    }

    /// Lends the token's text; it must not be logged or kept.
    package func withValue<Result>(_ body: (String) throws -> Result) rethrows -> Result {
        try body(value)
    }

    /// Lends the token as it stands in a query: every byte but the unreserved ones percent-encoded (RFC 3986 §2.3).
    package func withQueryValue<Result>(_ body: (String) throws -> Result) rethrows -> Result {
        try body(Self.percentEncoded(value))
    }

    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        encoded.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: encoded.append(byte)
            default: encoded += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}

extension UpstreamToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    /// No children, so that `dump` and every reflection-based printer show nothing either.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
