/// The forms of a request target that a server which is no proxy must take (RFC 9112 §3.2).
enum RequestTarget: Equatable {
    /// `/path?query`, as sent. `authority` comes from the absolute form and then stands for `Host`.
    case resource(path: String, query: String?, authority: String?)
    /// `*`, for `OPTIONS` alone.
    case asterisk

    /// `nil` for what is no target: another scheme, a fragment, bytes that are not visible ASCII.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else { return nil }
        if text == "*" {
            self = .asterisk
        } else if text.utf8.first == UInt8(ascii: "/") {
            self = Self.resource(text, authority: nil)
        } else {
            guard let scheme = Self.schemes.first(where: { text.prefix($0.utf8.count).lowercased() == $0 }) else {
                return nil
            }
            let rest = text.utf8.dropFirst(scheme.utf8.count)
            let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
            let path = String(text[end...])
            self = Self.resource(
                path.utf8.first == UInt8(ascii: "/") ? path : "/" + path, authority: String(text[rest.startIndex..<end])
            )
        }
    }

    private static let schemes = ["http://", "https://"]

    private static func resource(_ text: String, authority: String?) -> RequestTarget {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return .resource(path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : nil, authority: authority)
    }
}
