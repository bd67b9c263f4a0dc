/// A pattern of names: `*` stands for any run of letters, the empty one too, `?` for exactly one.
package struct NameGlob: Sendable, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ pattern: String) {
        description = pattern
    }

    /// Whether the whole name fits. Takes at most the product of both lengths.
    package func matches(_ name: String) -> Bool {
        let pattern = Array(description.utf8)
        let text = Array(name.utf8)
        var (inPattern, inText) = (0, 0)
        var star: Int?
        // Where the text goes on when the last star takes one letter more.
        var retry = 0
        while inText < text.count {
            if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") {
                star = inPattern
                retry = inText
                inPattern += 1
            } else if inPattern < pattern.count,
                pattern[inPattern] == text[inText] || pattern[inPattern] == UInt8(ascii: "?")
            {
                inPattern += 1
                inText += 1
            } else if let star {
                retry += 1
                (inPattern, inText) = (star + 1, retry)
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// Whether surely every name that `other` fits is fitted by this one. Only a star here can fit a star or a question
    /// mark there.
    package func covers(_ other: NameGlob) -> Bool {
        let isPattern = other.description.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
        if isPattern, description.utf8.contains(UInt8(ascii: "?")) { return self == other }
        return matches(other.description)
    }
}
