import GatewayCore

/// A policy for people, everything resolved.
struct PolicyText: CustomStringConvertible {
    private let policy: Policy
    /// What becomes of a message that says nothing.
    private let silence: PolicyDecision

    init(_ policy: Policy) {
        self.policy = policy
        silence = policy.decide(StartMessage())
    }

    var description: String {
        let head = [
            ["policy", policy.name], ["on violation", policy.onViolation.rawValue],
            ["unknown fields", policy.unknownFields.rawValue],
            ["messages", "\(messages.joined(separator: ", ")); others: \(policy.messages.otherwise.rawValue)"],
        ]
        let heading = ["field", "must be", "when silent", "on violation"]
        return "\(TextTable(rows: head))\n\(TextTable(heading: heading, rows: StartField.allCases.map(row)))"
    }

    private var messages: [String] {
        MessageLimits.Kind.allCases.filter(policy.messages.allowed.contains).map(\.rawValue)
    }

    private func row(_ field: StartField) -> [String] {
        let rule = policy.rule(for: field)
        return [field.rawValue, rule.allowed, whenSilent(field), rule.onViolation.rawValue]
    }

    private func whenSilent(_ field: StartField) -> String {
        guard let decision = silence.fields.first(where: { $0.subject == .field(field) }) else { return "-" }
        switch decision.effect {
        case .refused: return "refused"
        case .observed: return decision.applied.map { "\($0.text) (observed)" } ?? "refused (observed)"
        case .adjusted, .kept: return decision.applied?.text.printable ?? "-"
        }
    }
}
