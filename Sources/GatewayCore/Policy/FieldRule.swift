/// What a policy says of one field, with everything filled in that its limit leaves to the policy or the vendor.
package struct FieldRule: Sendable, Equatable {
    /// Which field.
    package let field: StartField
    /// Which values are allowed.
    package let constraint: FieldConstraint
    /// What a silent client gets.
    package let fallback: StartValue?
    /// What happens to other values; never `clamp` for the audio format, which cannot be changed.
    package let onViolation: OnViolation

    /// How a value stands to the constraint.
    enum Judgement: Equatable {
        case fits
        /// With what a policy that clamps sends instead, `nil` for nothing.
        case misfit(FieldDecision.Reason, nearest: StartValue?)
    }

    /// Whether the policy leaves this value as it is. The value must fit the field's kind.
    package func allows(_ value: StartValue) -> Bool { judge(value) == .fits }

    /// From where to where its numbers may be; `nil` where there is no such range.
    var bounds: NumberBounds? {
        switch constraint {
        case .free, .required: NumberBounds(field)
        case .range(let min, let max): NumberBounds(field, min: min, max: max)
        case .fixed, .allowed, .denied, .text: nil
        }
    }

    /// The only values, where there are but a few: the allowed set, or the choices of the field.
    var members: [StartValue]? {
        switch (constraint, field.kind) {
        case (.allowed(let members), _): members
        case (.free, .choice(let choices)), (.required, .choice(let choices)): choices.map { .string($0) }
        default: nil
        }
    }

    /// What the policy fills in when the client is silent, and why; `nil` when it leaves the field alone.
    var filling: (value: StartValue, reason: FieldDecision.Reason)? {
        switch constraint {
        case .fixed(let value): (value, .fixed)
        case .required where field.kind == .boolean: (.boolean(true), .fixed)
        default: fallback.map { ($0, .default) }
        }
    }

    /// Why silence breaks the rule, where nothing is filled in; `nil` when it does not.
    var objectionToSilence: FieldDecision.Reason? {
        switch constraint {
        case _ where filling != nil, .denied: return nil
        case .required: return .fixed
        default:
            guard let implied = field.valueWhenSilent, case .misfit(let reason, _) = judge(implied) else { return nil }
            return reason
        }
    }
}

extension Policy {
    /// What it says of a field, those that it does not mention included.
    package func rule(for field: StartField) -> FieldRule {
        let limit = limits[field] ?? FieldLimit()
        let chosen = limit.onViolation ?? onViolation
        return FieldRule(
            field: field, constraint: limit.constraint, fallback: limit.fallback,
            onViolation: field.isAudioFormat && chosen == .clamp ? .reject : chosen)
    }
}
