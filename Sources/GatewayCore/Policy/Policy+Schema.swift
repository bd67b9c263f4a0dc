extension Policy {
    /// A JSON Schema (2020-12, https://json-schema.org/draft/2020-12/schema) of a `start` on which this policy has
    /// nothing to change, to refuse or to observe. Exact but for what no schema can say: names that are not unique,
    /// nesting and size of the message, and `max_bytes` of a text, which stands as a number of characters.
    package var schema: JSONValue {
        let top = StartField.allCases.filter { !$0.isInVAD }.map(rule)
        let vad = StartField.allCases.filter(\.isInVAD).map(rule)
        let vadIsNeeded = vad.contains(where: \.mustBeGiven)
        var schema = object(
            top, also: ["type": ["const": "start"], "gateway": Self.gateway, "vad": .object(object(vad))],
            required: ["type"] + (vadIsNeeded ? ["vad"] : []))
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        schema["title"] = .string("start, unchanged by the policy \(name)")
        schema["description"] = "What goes upstream as it was asked. Names are unique in their object."
        return .object(schema)
    }

    /// Never sent on, and so nothing that a policy changes.
    private static let gateway: JSONValue = [
        "type": "object", "properties": ["events": ["type": "boolean"]],
        "description": "For the gateway alone: events asks for its events.",
    ]

    private func object(_ rules: [FieldRule], also others: JSONObject = [:], required: [String] = []) -> JSONObject {
        var properties = others
        for rule in rules { properties[rule.field.name] = rule.schema }
        let needed = required + rules.filter(\.mustBeGiven).map(\.field.name)
        return [
            "type": "object", "properties": .object(properties), "required": .array(needed.map { .string($0) }),
            "additionalProperties": .bool(unknownFields == .pass),
        ]
    }
}

extension FieldRule {
    /// Whether silence would be changed or refused.
    fileprivate var mustBeGiven: Bool { filling != nil || objectionToSilence != nil }

    fileprivate var schema: JSONValue {
        var schema = constraintSchema
        schema["description"] = .string(allowed)
        schema["default"] = fallback?.json
        return .object(schema)
    }

    private var constraintSchema: JSONObject {
        if constraint == .denied, field.kind != .boolean { return ["not": [:]] }
        var schema: JSONObject = ["type": .string(field.kind.typeName)]
        switch constraint {
        case .fixed(let value): schema["const"] = value.json
        case .denied: schema["const"] = false
        case .required where field.kind == .boolean: schema["const"] = true
        case .text(let characters, let bytes):
            schema["maxLength"] = [characters, bytes].compactMap(\.self).min().map { .number(JSONNumber($0)) }
        case .free, .range, .allowed, .required:
            schema["enum"] = members.map { .array($0.map(\.json)) }
            bounds?.describe(in: &schema)
        }
        return schema
    }
}

extension NumberBounds {
    fileprivate func describe(in schema: inout JSONObject) {
        schema["maximum"] = (max ?? min.greatest).json
        if allowsInfinity, !min.isZero {
            schema["anyOf"] = [["const": 0], ["minimum": min.json]]
        } else {
            schema["minimum"] = allowsInfinity ? min.json : leastFinite.json
        }
    }
}

extension StartValue {
    /// The greatest number of the same kind: beyond it, decoding refuses.
    fileprivate var greatest: StartValue {
        if case .integer = self { .integer(.max) } else { .number(.greatestFiniteMagnitude) }
    }
}
