/// A value of a usage record.
package enum UsageValue: Sendable, Equatable, CustomStringConvertible {
    case text(String)
    case integer(Int)
    /// Always finite.
    case number(Double)

    /// As it stands in a line of text.
    package var description: String {
        switch self {
        case .text(let text): text
        case .integer(let value): String(value)
        case .number(let value): JSONNumber(value)?.text ?? "null"
        }
    }

    /// As it stands in a JSON object.
    package var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .integer(let value): .number(JSONNumber(value))
        case .number(let value): JSONNumber(value).map(JSONValue.number) ?? .null
        }
    }
}
