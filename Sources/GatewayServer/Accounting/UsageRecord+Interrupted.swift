import GatewayCore

extension UsageRecord {
    /// What the file of notes tells of a session that a crash has cut off.
    init(_ session: BudgetedSession, id: String) {
        var meter = UsageMeter()
        meter.started(bytesPerSecond: session.bytesPerSecond)
        meter.receivedAudio(bytes: session.bytes, messages: 0, at: 0)
        meter.forwardedAudio(bytes: session.bytes)
        self.init(
            session: id, client: session.client, rule: session.rule, startedAt: session.startedAt, duration: 0,
            meter: meter)
    }
}
