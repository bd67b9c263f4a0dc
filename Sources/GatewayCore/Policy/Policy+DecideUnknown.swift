extension Policy {
    /// Unknown members that a decision lists one by one.
    private static let mostUnknown = 32

    /// What becomes of the members that are not known: the same for all of them. Those of the message come first,
    /// then those of `vad`; one entry stands for all beyond the 32nd.
    func decideUnknown(of start: StartMessage) -> [FieldDecision] {
        let total = start.unknown.members.count + start.unknownInVAD.members.count
        let top = start.unknown.members.prefix(Self.mostUnknown)
        let vad = start.unknownInVAD.members.prefix(Self.mostUnknown - top.count)
        var decisions = top.map { decideUnknown(.unknown(path: $0.name), asked: $0.value) }
        decisions += vad.map { decideUnknown(.unknown(path: StartField.vadPrefix + $0.name), asked: $0.value) }
        if total > decisions.count {
            decisions.append(decideUnknown(.moreUnknown(total - decisions.count), asked: nil))
        }
        return decisions
    }

    private func decideUnknown(_ subject: FieldDecision.Subject, asked: JSONValue?) -> FieldDecision {
        let passes = unknownFields == .pass
        return FieldDecision(
            subject: subject, asked: asked, applied: passes ? asked : nil, reason: passes ? nil : .unknown,
            effect: effectOnUnknown, allowed: passes ? "anything" : "left out")
    }

    private var effectOnUnknown: FieldDecision.Effect {
        switch (unknownFields, onViolation) {
        case (.pass, _): .kept
        case (_, .observe): .observed
        case (.drop, _): .adjusted
        case (.reject, _): .refused
        }
    }
}
