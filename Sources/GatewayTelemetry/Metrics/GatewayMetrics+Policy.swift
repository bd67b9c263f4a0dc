package import GatewayCore

extension GatewayMetrics {
    /// A policy has decided on a session's `start`.
    package func decided(_ decision: PolicyDecision) {
        policyDecisions[decision.verdict].add()
        for field in decision.fields {
            guard let reason = field.reason else { continue }
            let counters = field.effect == .observed ? policyObserved : policyAdjustments
            counters[field.subject.label, reason.rawValue].add(field.subject.count)
        }
    }

    /// Label values of what is said of fields: each setting with the reasons that values of its kind can give, and all
    /// members that are not known as one.
    static var adjustments: [[String]] {
        let known = StartField.allCases.flatMap { field in
            reasons(field.kind).map { [field.rawValue, $0.rawValue] }
        }
        return known + [["unknown", FieldDecision.Reason.unknown.rawValue]]
    }

    private static func reasons(_ kind: StartField.Kind) -> [FieldDecision.Reason] {
        switch kind {
        case .integer, .number: [.min, .max, .fixed, .default, .denied]
        case .string: [.max, .fixed, .default, .denied]
        case .boolean, .choice: [.fixed, .default, .denied]
        }
    }
}
