extension Policy {
    /// What it limits, for a page that bounds its sliders. In `fields`, every setting by its path:
    ///
    ///     {"policy":"dictation","on_violation":"clamp","unknown_fields":"drop",
    ///      "messages":{"allow":["eos"],"otherwise":"reject"},
    ///      "fields":{"vad.min_silence_ms":{"type":"integer","unit":"milliseconds","rule":"allow","min":200,"max":2000,
    ///        "default":800,"on_violation":"clamp","description":"from 200 to 2000 (milliseconds)"}, …}}
    ///
    /// `rule` is `allow`, `deny` or `require`. Of `min`, `max`, `default`, `fixed`, `allowed` (the one of these values),
    /// `max_characters` and `max_bytes` those are there that hold, with the bounds of what makes sense to the vendor
    /// where the policy has none of its own. `"zero":"never"` stands where 0 is allowed as well and asks for infinity.
    package var json: JSONValue {
        var fields = JSONObject()
        for field in StartField.allCases { fields[field.rawValue] = rule(for: field).json }
        let allowed = MessageLimits.Kind.allCases.filter(messages.allowed.contains)
        return [
            "policy": .string(name), "on_violation": .string(onViolation.rawValue),
            "unknown_fields": .string(unknownFields.rawValue),
            "messages": [
                "allow": .array(allowed.map { .string($0.rawValue) }),
                "otherwise": .string(messages.otherwise.rawValue),
            ],
            "fields": .object(fields),
        ]
    }
}

extension FieldRule {
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "type": .string(field.kind.typeName), "rule": .string(word), "on_violation": .string(onViolation.rawValue),
            "description": .string(allowed),
        ]
        if field.unit != .none { object["unit"] = .string(field.unit.rawValue) }
        object["default"] = fallback?.json
        switch constraint {
        case .fixed(let value): object["fixed"] = value.json
        case .denied: break
        case .text(let characters, let bytes):
            object["max_characters"] = characters.map { .number(JSONNumber($0)) }
            object["max_bytes"] = bytes.map { .number(JSONNumber($0)) }
        case .free, .range, .allowed, .required: describeChoice(in: &object)
        }
        return .object(object)
    }

    private func describeChoice(in object: inout JSONObject) {
        if let members { object["allowed"] = .array(members.map(\.json)) }
        guard let bounds else { return }
        object["min"] = bounds.leastFinite.json
        object["max"] = bounds.max?.json
        if bounds.allowsInfinity { object["zero"] = "never" }
    }

    private var word: String {
        switch constraint {
        case .denied: "deny"
        case .required: "require"
        case .free, .range, .fixed, .allowed, .text: "allow"
        }
    }
}
