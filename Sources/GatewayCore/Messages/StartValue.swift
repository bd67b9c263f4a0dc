/// The value of a field of a `start` message.
package enum StartValue: Sendable, Equatable {
    case integer(Int)
    /// Always finite.
    case number(Double)
    case boolean(Bool)
    /// A free string, or one of the choices of its field.
    case string(String)

    /// Reads the value that a field takes; `nil` when it is of another kind, no integer, out of range, or no choice.
    init?(_ value: JSONValue, for kind: StartField.Kind) {
        switch (kind, value) {
        case (.integer, .number(let number)):
            guard let integer = number.asInteger else { return nil }
            self = .integer(integer)
        case (.number, .number(let number)):
            guard let double = number.asDouble else { return nil }
            self = .number(double)
        case (.boolean, .bool(let bool)): self = .boolean(bool)
        case (.string, .string(let text)): self = .string(text)
        case (.choice(let choices), .string(let text)):
            // The choice itself, not the equivalent spelling that came.
            guard let choice = choices.first(where: { $0 == text }) else { return nil }
            self = .string(choice)
        default: return nil
        }
    }

    /// Whether a field of this kind can have this value.
    package func fits(_ kind: StartField.Kind) -> Bool {
        switch (kind, self) {
        case (.integer, .integer), (.boolean, .boolean), (.string, .string): true
        case (.number, .number(let value)): value.isFinite
        case (.choice(let choices), .string(let text)): choices.contains(text)
        default: false
        }
    }

    /// Texts are equal when their scalars are, so that different spellings of an accented letter stay different.
    package static func == (left: StartValue, right: StartValue) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.boolean(let left), .boolean(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        default: false
        }
    }

    /// As it stands in a message: an integer without fraction, a number as the shortest text that reads back.
    package var json: JSONValue {
        switch self {
        case .integer(let value): .number(JSONNumber(value))
        case .number(let value): JSONNumber(value).map(JSONValue.number) ?? .null
        case .boolean(let value): .bool(value)
        case .string(let text): .string(text)
        }
    }
}
