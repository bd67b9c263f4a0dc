import GatewayCore

/// What policies say of one setting, before it is known to make sense.
struct FieldDraft {
    /// Which values are allowed. Of two limits in a chain of policies the later one stands; the parts of a range and of
    /// a text's length are taken one by one.
    enum Limit {
        case range(min: Written<StartValue>?, max: Written<StartValue>?)
        case length(characters: Written<Int>?, bytes: Written<Int>?)
        case fixed(Written<StartValue>)
        case allowed(Written<[StartValue]>)
        case rule(Written<Rule>)
    }

    /// A limit that one word says.
    enum Rule: String, CaseIterable {
        case allow, deny, require
    }

    var limit: Limit?
    var fallback: Written<StartValue>?
    var onViolation: Written<OnViolation>?
    /// Whether something said of it could not be read: then it is no use to look for contradictions.
    var isDamaged = false

    /// What holds when a policy says this and extends one that says `base`.
    func extending(_ base: FieldDraft) -> FieldDraft {
        var merged = FieldDraft(
            limit: Self.merge(limit, over: base.limit), fallback: fallback ?? base.fallback,
            onViolation: onViolation ?? base.onViolation, isDamaged: isDamaged || base.isDamaged)
        // Whoever says what always or never is sent has no need to take back a default said elsewhere.
        let isSaidHere = fallback.map { $0.preset == nil } ?? false
        if !isSaidHere, merged.limit?.settlesTheDefault(merged.fallback?.value) == true { merged.fallback = nil }
        return merged
    }

    private static func merge(_ limit: Limit?, over base: Limit?) -> Limit? {
        switch (limit, base) {
        case (.range(let min, let max), .range(let baseMin, let baseMax)):
            .range(min: min ?? baseMin, max: max ?? baseMax)
        case (.length(let characters, let bytes), .length(let baseCharacters, let baseBytes)):
            .length(characters: characters ?? baseCharacters, bytes: bytes ?? baseBytes)
        default: limit ?? base
        }
    }
}

extension FieldDraft.Limit {
    /// Whether nothing is left for a default to say.
    fileprivate func settlesTheDefault(_ fallback: StartValue?) -> Bool {
        switch self {
        case .fixed: true
        case .rule(let rule) where rule.value == .deny: fallback != .boolean(false)
        case .rule(let rule) where rule.value == .require: fallback.map(\.isBoolean) ?? false
        case .rule, .range, .length, .allowed: false
        }
    }

    /// As a constraint.
    var constraint: FieldConstraint {
        switch self {
        case .range(let min, let max): .range(min: min?.value, max: max?.value)
        case .length(let characters, let bytes): .text(maxCharacters: characters?.value, maxBytes: bytes?.value)
        case .fixed(let fixed): .fixed(fixed.value)
        case .allowed(let allowed): .allowed(allowed.value)
        case .rule(let rule):
            switch rule.value {
            case .allow: .free
            case .deny: .denied
            case .require: .required
            }
        }
    }
}

extension StartValue {
    fileprivate var isBoolean: Bool {
        if case .boolean = self { true } else { false }
    }
}
