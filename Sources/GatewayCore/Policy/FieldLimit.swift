/// What a policy says of one setting.
package struct FieldLimit: Sendable, Equatable {
    /// Which values are allowed.
    package var constraint: FieldConstraint
    /// What goes upstream when the client is silent (`default` in a configuration); fits the constraint.
    package var fallback: StartValue?
    /// What happens to other values; `nil` leaves it to the policy.
    package var onViolation: OnViolation?

    package init(
        _ constraint: FieldConstraint = .free, fallback: StartValue? = nil, onViolation: OnViolation? = nil
    ) {
        self.constraint = constraint
        self.fallback = fallback
        self.onViolation = onViolation
    }
}

/// The values of one setting that a policy allows. Every value here fits the field's kind.
package enum FieldConstraint: Sendable, Equatable {
    /// Whatever makes sense to the vendor (`allow`).
    case free
    /// From `min` to `max`, both included, in the field's own unit; for numbers. A bound that is `nil` is that of what
    /// makes sense to the vendor. In `force_decode_ms`, 0 asks for infinity and is above every maximum.
    case range(min: StartValue?, max: StartValue?)
    /// This value, also when the client is silent.
    case fixed(StartValue)
    /// One of these, at least one.
    case allowed([StartValue])
    /// Never `true`; never sent, where it is no boolean (`deny`).
    case denied
    /// Always `true`, also when the client is silent; a value that must be there, where it is no boolean (`require`).
    case required
    /// A text of at most so many characters (Unicode scalars) and bytes (UTF-8).
    case text(maxCharacters: Int?, maxBytes: Int?)
}
