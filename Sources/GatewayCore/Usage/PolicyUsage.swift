/// What a session's record keeps of its policy's decision: names and counts, nothing that was said.
package struct PolicyUsage: Sendable, Equatable {
    package let verdict: PolicyDecision.Verdict
    /// Fields of which something else went upstream than was asked.
    package let adjusted: Int
    /// Fields that went upstream as they were asked, against the policy.
    package let observed: Int
    /// All of them and those that were refused, with their reasons: `vad.threshold:max`, separated by spaces; bounded.
    package let adjustments: String

    package init(_ decision: PolicyDecision) {
        verdict = decision.verdict
        adjusted = decision.count(of: .adjusted)
        observed = decision.count(of: .observed)
        adjustments = decision.summary
    }

    /// One of its facts; what is 0 or empty is left out, but for `adjusted`.
    func value(of field: UsageField) -> UsageValue? {
        switch field {
        case .verdict: .text(verdict.rawValue)
        case .adjusted: .integer(adjusted)
        case .observed: observed > 0 ? .integer(observed) : nil
        case .adjustments: adjustments.isEmpty ? nil : .text(adjustments)
        default: nil
        }
    }
}

extension PolicyDecision {
    fileprivate func count(of effect: FieldDecision.Effect) -> Int {
        fields.reduce(0) { $0 + ($1.effect == effect ? $1.subject.count : 0) }
    }
}
