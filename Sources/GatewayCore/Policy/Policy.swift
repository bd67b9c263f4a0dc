/// What an operator allows: limits on every setting of a `start` and on the messages behind it. Presets and
/// inheritance are flattened already.
package struct Policy: Sendable, Equatable {
    /// What access rules and clients call it; unique.
    package var name: String
    /// The limits of the settings; what is not here is free within what makes sense to the vendor.
    package var limits: [StartField: FieldLimit]
    /// What happens to members of `start` and of `vad` that are not known.
    package var unknownFields: UnknownFields
    /// What happens to a value outside its limits, unless the field's own limit says otherwise.
    package var onViolation: OnViolation
    /// Which messages may follow `start`.
    package var messages: MessageLimits

    /// The policy of access rules that name none. A configuration may define it; otherwise it limits nothing but the
    /// unknown fields, which it drops.
    package static let defaultName = "default"

    package init(
        name: String, limits: [StartField: FieldLimit] = [:], unknownFields: UnknownFields = .drop,
        onViolation: OnViolation = .clamp, messages: MessageLimits = MessageLimits()
    ) {
        self.name = name
        self.limits = limits
        self.unknownFields = unknownFields
        self.onViolation = onViolation
        self.messages = messages
    }
}

/// What happens to a value that a policy does not allow.
package enum OnViolation: String, Sendable, Equatable, CaseIterable {
    /// The nearest allowed value goes upstream.
    case clamp
    /// The session is refused with `policy_start_refused`.
    case reject
    /// The value goes upstream as it was asked; what would have changed is counted and logged.
    case observe
}

/// What happens to members of a message that are not known.
package enum UnknownFields: String, Sendable, Equatable, CaseIterable {
    /// They are left out.
    case drop
    /// They go upstream as they came, numbers in their own spelling.
    case pass
    /// The session is refused with `policy_start_refused`.
    case reject
}
