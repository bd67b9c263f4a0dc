/// A JSON value (RFC 8259 §3).
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// Reads one JSON text, strictly: RFC 8259 in valid UTF-8 without byte order mark, no name twice in an object at
    /// any depth (compared unescaped), no lone surrogates, at most 16 levels, nothing after the value. Takes time
    /// linear in the number of bytes.
    package init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
        var reader = JSONReader(bytes)
        self = try reader.read()
    }

    /// The value in words, for messages: `a string`, `an object`, …
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// The text of a string; `nil` for all else.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The value of a boolean; `nil` for all else.
    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number, if it is one.
    package var number: JSONNumber? {
        if case .number(let number) = self { number } else { nil }
    }

    /// The members of an object; `nil` for all else.
    package var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A string.
    package init(stringLiteral value: String) {
        self = .string(value)
    }

    /// A number without fraction.
    package init(integerLiteral value: Int) {
        self = .number(JSONNumber(value))
    }

    /// `true` or `false`.
    package init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    /// An array of these elements.
    package init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }

    /// Of a name given twice the last value stays.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        for (name, value) in elements { object[name] = value }
        self = .object(object)
    }
}
