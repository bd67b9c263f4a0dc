extension Policy {
    /// Judges a `start`. Pure: the same policy and message give the same decision. Deciding on the message that came
    /// of a decision changes nothing more.
    package func decide(_ start: StartMessage) -> PolicyDecision {
        var message = start
        var fields: [FieldDecision] = []
        for field in StartField.allCases {
            guard let decision = rule(for: field).decide(asked: start[field]) else { continue }
            fields.append(decision)
            guard decision.effect == .adjusted else { continue }
            // What is told is what is sent.
            message[field] = decision.applied.flatMap { StartValue($0, for: field.kind) }
        }
        let unknown = decideUnknown(of: start)
        if unknown.first?.effect == .adjusted {
            message.unknown = JSONObject()
            message.unknownInVAD = JSONObject()
        }
        fields += unknown
        let isRefused = fields.contains { $0.effect == .refused }
        return PolicyDecision(policy: name, message: isRefused ? nil : message, fields: fields)
    }
}
