import GatewayCore

/// So much of JSON Schema (2020-12) as a policy's schema uses, read strictly: an unknown keyword is a mistake.
enum JSONSchemaSubset {
    struct UnknownKeyword: Error {
        let name: String
    }

    private static let annotations: Set<String> = ["$schema", "title", "description", "default"]

    /// Whether the schema accepts the value.
    static func accepts(_ value: JSONValue, _ schema: JSONValue) throws -> Bool {
        if let verdict = schema.bool { return verdict }
        return try (schema.object?.members ?? []).allSatisfy { keyword in
            try annotations.contains(keyword.name) || holds(keyword, value, schema)
        }
    }

    private static func holds(_ keyword: JSONObject.Member, _ value: JSONValue, _ schema: JSONValue) throws -> Bool {
        switch keyword.name {
        case "type": isOfType(keyword.value.string, value)
        case "const": isSame(value, keyword.value)
        case "enum": elements(keyword.value).contains { isSame(value, $0) }
        case "minimum": compare(keyword.value, value) { $0 <= $1 }
        case "maximum": compare(value, keyword.value) { $0 <= $1 }
        case "maxLength": (value.string?.unicodeScalars.count ?? 0) <= keyword.value.number?.asInteger ?? 0
        case "anyOf": try elements(keyword.value).contains { try accepts(value, $0) }
        case "not": try !accepts(value, keyword.value)
        case "required": elements(keyword.value).allSatisfy { value.object?[$0.string ?? ""] != nil }
        case "properties":
            try (keyword.value.object?.members ?? []).allSatisfy { property in
                try value.object?[property.name].map { try accepts($0, property.value) } ?? true
            }
        case "additionalProperties":
            try (value.object?.members ?? []).allSatisfy { member in
                let isKnown = schema.object?["properties"]?.object?[member.name] != nil
                return try isKnown || accepts(member.value, keyword.value)
            }
        default: throw UnknownKeyword(name: keyword.name)
        }
    }

    private static func isOfType(_ type: String?, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("integer", .number(let number)): number.asInteger != nil
        case ("number", .number(let number)): number.asDouble != nil
        case ("boolean", .bool), ("string", .string), ("object", .object): true
        default: false
        }
    }

    private static func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if let left = left.number, let right = right.number {
            if let left = left.asInteger, let right = right.asInteger { return left == right }
            return left.asDouble == right.asDouble
        }
        return left.encoded == right.encoded
    }

    /// Says nothing of what is no number, and compares integers exactly.
    private static func compare(
        _ left: JSONValue, _ right: JSONValue, _ inOrder: (Double, Double) -> Bool
    ) -> Bool {
        guard let left = left.number, let right = right.number else { return true }
        if let left = left.asInteger, let right = right.asInteger { return left <= right }
        guard let left = left.asDouble, let right = right.asDouble else { return false }
        return inOrder(left, right)
    }

    private static func elements(_ value: JSONValue) -> [JSONValue] {
        if case .array(let elements) = value { elements } else { [] }
    }
}
