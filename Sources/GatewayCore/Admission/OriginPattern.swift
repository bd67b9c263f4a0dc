/// An origin of an access rule: one, or every one that lies exactly one label below a domain.
package struct OriginPattern: Sendable, Hashable, CustomStringConvertible {
    /// As the configuration has it, in lower case: `https://app.example.com` or `https://*.example.com:8443`.
    package let description: String
    /// What stands before and behind the label that is free; `nil` for one origin.
    private let frame: Frame?

    private struct Frame: Sendable, Hashable {
        var before: String
        var behind: String
    }

    /// - Parameter text: An origin in the form of RFC 6454 §6.2, in lower case. A first label that is `*` stands for
    ///   any; a star elsewhere stands for itself, which no origin has.
    package init(_ text: String) {
        description = text
        guard let star = text.utf8.firstIndex(of: UInt8(ascii: "*")), text[..<star].hasSuffix("://") else {
            frame = nil
            return
        }
        let behind = text[text.utf8.index(after: star)...]
        frame = behind.hasPrefix(".") ? Frame(before: String(text[..<star]), behind: String(behind)) : nil
    }

    /// Whether it stands for more than one origin.
    package var isWildcard: Bool { frame != nil }

    /// Whether an origin, in lower case, is meant. `null` has no label and is never meant by a wildcard.
    package func matches(_ origin: String) -> Bool {
        guard let frame else { return Array(origin.utf8) == Array(description.utf8) }
        let bytes = origin.utf8
        guard bytes.starts(with: frame.before.utf8), bytes.reversed().starts(with: frame.behind.utf8.reversed())
        else { return false }
        let label = Array(bytes).dropFirst(frame.before.utf8.count).dropLast(frame.behind.utf8.count)
        let overlap = frame.before.utf8.count + frame.behind.utf8.count + label.count == bytes.count
        return overlap && (1...63).contains(label.count) && label.allSatisfy(Self.isLabelByte)
            && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
    }

    /// Whether every origin that `other` means is meant by this one too.
    package func covers(_ other: OriginPattern) -> Bool {
        self == other || !other.isWildcard && matches(other.description)
    }

    /// RFC 1123 §2.1 in lower case, and underscores, which are in use.
    private static func isLabelByte(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 95
    }
}
