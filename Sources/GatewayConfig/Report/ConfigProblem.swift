/// One thing that is wrong with a configuration file, or doubtful. Safe to print: it holds no control characters, and nothing
/// from a place where a secret may have been written by mistake.
package struct ConfigProblem: Sendable, Equatable {
    /// Whether the file can be used all the same.
    package enum Severity: Sendable, Equatable {
        /// It cannot.
        case error
        /// It can, but it may not do what its writer thinks.
        case warning
    }

    /// A line of the file with the place of the problem in it.
    package struct Excerpt: Sendable, Equatable {
        /// The line, or the part of a long line around the place.
        package let text: String
        /// How many columns stand before the place.
        package let caret: Int
    }

    /// Whether it stops the file from being used.
    package let severity: Severity
    /// Where it stands; `nil` when it is about the file as a whole.
    package let mark: SourceMark?
    /// What it is about, such as `listeners[0].address`; empty for the file as a whole.
    package let path: String
    /// What is wrong, in lower case and without a full stop.
    package let message: String
    /// The text that is wrong, shortened; `nil` when there is none or when it must not be shown.
    package let offending: String?
    /// What was probably meant, to be written instead.
    package let suggestion: String?
    /// How to do it right, when there is more to say than a suggestion.
    package let hint: String?
    /// The line of the file.
    package internal(set) var excerpt: Excerpt?

    init(
        severity: Severity = .error, mark: SourceMark?, path: String = "", message: String, offending: String? = nil,
        suggestion: String? = nil, hint: String? = nil
    ) {
        self.severity = severity
        self.mark = mark
        self.path = path
        self.message = message
        self.offending = offending.map(Self.printable)
        self.suggestion = suggestion.map(Self.printable)
        self.hint = hint
    }

    /// At most 80 characters without control characters.
    static func printable(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(80) {
            result.append(scalar.isControl ? "\u{FFFD}" : scalar)
        }
        return String(result) + (text.unicodeScalars.count > 80 ? "…" : "")
    }
}
