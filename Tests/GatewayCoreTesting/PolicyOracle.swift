package import GatewayCore

/// What a policy has to say against a message, worked out from the message's JSON and the words of the policy alone,
/// the plain way: for tests that don't believe `Policy.decide`.
package struct PolicyOracle {
    package let policy: Policy

    package init(_ policy: Policy) {
        self.policy = policy
    }

    /// The settings of a message, given or missing, that are not as the policy wants them. A message that is told
    /// none of them goes on as it is.
    package func broken(in message: JSONObject) -> Set<StartField> {
        Set(StartField.allCases.filter { !isAsWanted($0, in: message) })
    }

    /// How many members are not known.
    package func unknown(in message: JSONObject) -> Int {
        let known = Set(StartField.allCases.map(\.rawValue) + ["type", "vad"])
        let top = message.members.count { $0.name.hasPrefix("vad.") || !known.contains($0.name) }
        let vad = message["vad"]?.object?.members.count { !known.contains("vad." + $0.name) }
        return top + (vad ?? 0)
    }

    /// What the policy does about a setting that is not as it wants it.
    package func mode(of field: StartField) -> OnViolation {
        policy.limits[field]?.onViolation ?? policy.onViolation
    }

    /// The value of a setting in a message.
    package static func value(of field: StartField, in message: JSONObject) -> JSONValue? {
        guard field.rawValue.hasPrefix("vad.") else { return message[field.rawValue] }
        return message["vad"]?.object?[String(field.rawValue.dropFirst(4))]
    }

    private func isAsWanted(_ field: StartField, in message: JSONObject) -> Bool {
        let limit = policy.limits[field] ?? FieldLimit()
        guard let value = Self.value(of: field, in: message) else { return isFineWithout(field, limit) }
        return isSensible(value, field) && fits(value, field, limit.constraint)
    }

    private func isFineWithout(_ field: StartField, _ limit: FieldLimit) -> Bool {
        if limit.fallback != nil { return false }
        switch (limit.constraint, field) {
        case (.fixed, _), (.required, _): return false
        case (.denied, _): return true
        case (_, .sampleRate): return fits(16000, field, limit.constraint)
        case (_, .channels): return fits(1, field, limit.constraint)
        default: return true
        }
    }

    /// Whether it is of the right type, and could mean anything to the vendor.
    private func isSensible(_ value: JSONValue, _ field: StartField) -> Bool {
        switch field {
        case .singleUtterance, .detectThoughts, .debug, .events: value == true || value == false
        case .context: value.string != nil
        case .endThoughtEagerness: ["low", "medium", "high"].contains(value.string)
        case .threshold: Self.double(value).map { $0 >= 0 && $0 <= 1 } ?? false
        case .finalSilence, .forceCompleteTime: Self.double(value).map { $0 >= 0 } ?? false
        case .sampleRate, .channels, .eventRate: Self.integer(value).map { $0 >= 1 } ?? false
        case .minSilence, .speechPad, .startTrigger, .minVoiced, .minChars, .minWords, .ampExtend, .forceDecode:
            Self.integer(value).map { $0 >= 0 } ?? false
        }
    }

    private func fits(_ value: JSONValue, _ field: StartField, _ constraint: FieldConstraint) -> Bool {
        switch constraint {
        case .free: return true
        case .range(let min, let max):
            if field == .forceDecode, value == 0 { return max == nil }
            return !Self.isLess(value, min?.json) && !Self.isLess(max?.json, value)
        case .fixed(let wanted): return Self.isSame(value, wanted.json)
        case .allowed(let members): return members.contains { Self.isSame(value, $0.json) }
        case .denied: return value == false
        case .required: return value != false
        case .text(let characters, let bytes):
            let text = value.string ?? ""
            return text.unicodeScalars.count <= characters ?? .max && text.utf8.count <= bytes ?? .max
        }
    }

    /// Written as the gateway writes it: plain.
    private static func integer(_ value: JSONValue) -> Int? { value.number.flatMap { Int($0.text) } }

    private static func double(_ value: JSONValue) -> Double? { value.number.flatMap { Double($0.text) } }

    private static func isLess(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        guard let left, let right else { return false }
        if let left = integer(left), let right = integer(right) { return left < right }
        guard let left = double(left), let right = double(right) else { return false }
        return left < right
    }

    private static func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool { left.encoded == right.encoded }
}
