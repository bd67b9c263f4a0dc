import GatewayCore

extension Policy {
    /// How many settings are limited to less than what makes sense to the service.
    var limitedCount: Int { limits.values.count { $0.constraint != .free } }

    /// How many settings a silent client gets filled in, or would if that were not only observed.
    var filledCount: Int { decide(StartMessage()).fields.count { $0.applied != nil } }

    /// In a few words, for people.
    var summary: String {
        let messages = MessageLimits.Kind.allCases.filter(messages.allowed.contains).map(\.rawValue)
        return "\(onViolation.rawValue); limits \(limitedCount) settings, fills in \(filledCount); "
            + "unknown fields: \(unknownFields.rawValue); messages: \(messages.joined(separator: ", "))"
    }
}
