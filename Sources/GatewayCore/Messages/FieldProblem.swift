/// What is wrong with one field of a client's message.
package struct FieldProblem: Sendable, Equatable, CustomStringConvertible {
    /// The path of the field: `vad.threshold`.
    package let field: String
    /// What is accepted: `an integer (milliseconds)`.
    package let expected: String
    /// What came: its kind, a number itself when it is short, a choice itself when it is a short identifier.
    package let given: String

    /// A problem in words of the caller, each short enough for the sentence to stay within 120 bytes.
    package init(field: String, expected: String, given: String) {
        self.field = field
        self.expected = expected
        self.given = given
    }

    /// For a value that is not of the kind that the field takes.
    init(_ field: StartField, value: JSONValue) {
        let given: String
        switch (field.kind, value) {
        case (.integer, .number(let number)), (.number, .number(let number)):
            given = number.text.utf8.count <= 24 ? number.text : "a number that long"
        case (.choice, .string(let text)): given = text.isShortIdentifier ? "\"\(text)\"" : "another string"
        default: given = value.kind
        }
        self.init(field: field.rawValue, expected: field.kind.description, given: given)
    }

    /// One sentence of at most 120 bytes that names the field and the fix.
    package var description: String { "\(field) must be \(expected), not \(given)." }
}

extension StartField.Kind: CustomStringConvertible {
    /// What a field of this kind takes, for messages.
    package var description: String {
        switch self {
        case .integer(let unit): unit == .none ? "an integer" : "an integer (\(unit.rawValue))"
        case .number(let unit): unit == .none ? "a number" : "a number (\(unit.rawValue))"
        case .boolean: "true or false"
        case .string: "a string"
        case .choice(let choices): "one of " + choices.joined(separator: ", ")
        }
    }
}
