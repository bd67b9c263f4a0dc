extension FieldRule {
    /// What becomes of the field of a client that asks for a value that fits its kind, or is silent; `nil` when there
    /// is nothing to tell: the client is silent and that is left so.
    func decide(asked: StartValue?) -> FieldDecision? {
        guard let asked else { return decideSilence() }
        switch judge(asked) {
        case .fits: return decision(.kept, asked: asked, applied: asked)
        case .misfit(let reason, let nearest):
            switch onViolation {
            case .clamp: return decision(.adjusted, asked: asked, applied: nearest, reason)
            case .observe: return decision(.observed, asked: asked, applied: nearest, reason)
            case .reject: return decision(.refused, asked: asked, applied: nil, reason)
            }
        }
    }

    /// Filling in is no violation: it happens whatever is done to those, and is reported alone where all is.
    private func decideSilence() -> FieldDecision? {
        let isObserving = onViolation == .observe
        if let filling {
            return decision(isObserving ? .observed : .adjusted, asked: nil, applied: filling.value, filling.reason)
        }
        return objectionToSilence.map { decision(isObserving ? .observed : .refused, asked: nil, applied: nil, $0) }
    }

    private func decision(
        _ effect: FieldDecision.Effect, asked: StartValue?, applied: StartValue?, _ reason: FieldDecision.Reason? = nil
    ) -> FieldDecision {
        FieldDecision(
            subject: .field(field), asked: asked?.json, applied: applied?.json, reason: reason, effect: effect,
            allowed: allowed)
    }
}
