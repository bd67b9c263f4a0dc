/// The names that a trusted proxy gave a request, by which its own records are found again.
package struct RequestTrail: Sendable, Equatable {
    /// `X-Request-Id`: 1 to 128 letters, digits and `.`, `_`, `-`, `:`, `+`, `/`, `=`, `@`.
    package private(set) var requestID: String?
    /// The trace id of `traceparent`: 32 hexadecimal digits.
    package private(set) var traceID: String?

    /// Nothing.
    package init() {}

    /// Reads the values of the fields of a request. What is malformed or there twice counts as not there.
    package init(requestIDs: [String], traceParents: [String]) {
        requestID = requestIDs.count == 1 ? requestIDs.first.flatMap(Self.requestID) : nil
        traceID = traceParents.count == 1 ? traceParents.first.flatMap(Self.traceID) : nil
    }

    private static func requestID(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (97...122).contains(byte | 32) || marks.contains(byte)
        }
        return isPlain && (1...128).contains(text.utf8.count) ? text : nil
    }

    private static let marks = Array("._-:+/=@".utf8)

    /// W3C Trace Context, "traceparent Header Field Values": version, trace id, parent id and flags in lower-case
    /// hexadecimal. Later versions may go on behind a further `-`.
    private static func traceID(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count == 55 || bytes.count > 55 && bytes.count <= 256 && bytes[55] == dash else { return nil }
        let dashes = [2, 35, 52]
        for (index, byte) in bytes.prefix(55).enumerated() {
            guard dashes.contains(index) ? byte == dash : isHexadecimal(byte) else { return nil }
        }
        let (version, trace, parent) = (bytes[..<2], bytes[3..<35], bytes[36..<52])
        let isKnown = version.elementsEqual("00".utf8)
        guard !version.elementsEqual("ff".utf8), !isKnown || bytes.count == 55 else { return nil }
        guard trace.contains(where: { $0 != 48 }), parent.contains(where: { $0 != 48 }) else { return nil }
        return String(decoding: trace, as: UTF8.self)
    }

    private static let dash = UInt8(ascii: "-")
    private static func isHexadecimal(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...102).contains(byte) }
}
