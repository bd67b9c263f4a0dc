import GatewayCore

/// A policy as it is written, or as it is when what it extends has been put underneath.
struct PolicyDraft {
    let name: String
    /// Its name in the file.
    let place: ConfigValue
    var preset: Written<PolicyPreset>?
    var extends: Written<String>?
    var onViolation: Written<OnViolation>?
    var unknownFields: Written<UnknownFields>?
    var messages: Written<Set<MessageLimits.Kind>>?
    var otherwise: Written<MessageLimits.Otherwise>?
    var fields: [StartField: FieldDraft] = [:]
    /// Whether the policies that it extends could not be found.
    var isDamaged = false

    init(name: String, place: ConfigValue) {
        self.name = name
        self.place = place
    }

    /// What holds when this extends `base`, which is flattened already, and `nil` when it extends nothing: the base's,
    /// over it the preset's defaults, over them what is said here.
    func flattened(over base: PolicyDraft?) -> PolicyDraft {
        var flat = self
        flat.onViolation = onViolation ?? base?.onViolation
        flat.unknownFields = unknownFields ?? base?.unknownFields
        flat.messages = messages ?? base?.messages
        flat.otherwise = otherwise ?? base?.otherwise
        flat.isDamaged = isDamaged || base?.isDamaged == true
        flat.fields = base?.fields ?? [:]
        for (field, draft) in presetFields { flat.fields[field] = draft.extending(flat.fields[field] ?? FieldDraft()) }
        for (field, draft) in fields { flat.fields[field] = draft.extending(flat.fields[field] ?? FieldDraft()) }
        return flat
    }

    private var presetFields: [StartField: FieldDraft] {
        guard let preset else { return [:] }
        return preset.value.defaults.mapValues { value in
            FieldDraft(fallback: Written(value: value, place: preset.place, policy: name, preset: preset.value))
        }
    }

    /// The policy; only of what is flattened and free of contradictions.
    var policy: Policy {
        var policy = Policy(name: name)
        if let onViolation { policy.onViolation = onViolation.value }
        if let unknownFields { policy.unknownFields = unknownFields.value }
        policy.messages = MessageLimits(
            allowed: messages?.value ?? policy.messages.allowed,
            otherwise: otherwise?.value ?? policy.messages.otherwise)
        policy.limits = fields.mapValues(\.fieldLimit).filter { $1 != FieldLimit() }
        return policy
    }

    var origin: PolicyOrigin {
        PolicyOrigin(name: name, line: place.node.start.line, preset: preset?.value, extends: extends?.value)
    }
}

extension FieldDraft {
    fileprivate var fieldLimit: FieldLimit {
        FieldLimit(limit?.constraint ?? .free, fallback: fallback?.value, onViolation: onViolation?.value)
    }
}
