extension MessageLimits {
    /// What becomes of a message that follows `start`.
    package enum Judgement: Sendable, Equatable {
        /// It goes upstream, written afresh.
        case forward
        /// It is left out, and counted.
        case drop
        /// It ends the session; `detail` is for the client.
        case refuse(Ending, detail: String)
    }

    /// Judges a message that was understood.
    package func judge(_ kind: Kind) -> Judgement {
        if allowed.contains(kind) { return .forward }
        switch otherwise {
        case .drop: return .drop
        case .reject: return .refuse(.policyMessageRefused, detail: refusal(of: kind))
        }
    }

    /// Judges a message that was not: what is not known or not allowed is left out where that is the rule, what is no
    /// JSON object never is.
    package func judge(_ error: ClientMessageError) -> Judgement {
        switch error {
        case .unknownMessage where otherwise == .drop: .drop
        case .messageRefused(let kind, _) where !allowed.contains(kind): judge(kind)
        // A second `start`, whatever else is wrong with it.
        case .startRefused, .duplicateName(_, inStart: true):
            .refuse(.secondStart, detail: Ending.secondStart.message)
        default: .refuse(error.ending, detail: error.message)
        }
    }

    private func refusal(of kind: Kind) -> String {
        let names = Kind.allCases.filter(allowed.contains).map(\.rawValue).joined(separator: ", ")
        return "Messages of type \(kind.rawValue) are not allowed by the policy; allowed are \(names)."
    }
}
