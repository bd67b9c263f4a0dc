package import GatewayCore

extension GatewayMetrics {
    /// A session has opened, let in by this access rule.
    package func sessionOpened(rule: String) {
        sessions.add()
        admitted[rule].add()
        sessionsActive.add(1)
    }

    /// A session that `sessionOpened` counted has ended. What it relayed was counted meanwhile.
    package func sessionEnded(_ record: UsageRecord) {
        sessionsActive.add(-1)
        droppedFrames.add(record.droppedFrames)
        sessionSeconds.observe(.milliseconds(record.duration))
        if let time = record.meter.delays.firstTranscript { firstTranscriptSeconds.observe(.milliseconds(time)) }
        if record.meter.isRateOff { rateMismatches.add() }
        sessionCloses[record.endedBy?.rawValue ?? "other", record.reason ?? "other"].add()
    }

    /// A transcript has come.
    package func received(_ message: ServerMessage) {
        switch message.kind {
        case .partial: transcripts[.partial].add()
        case .final: transcripts[.final].add()
        case .thought: transcripts[.thought].add()
        case .corrected: transcripts[.corrected].add()
        default: break
        }
    }

    /// Label values of `session_closes_total`: each ending of the gateway's own may also be another's doing, as a
    /// `upstream_lost` is the upstream's.
    static var closes: [[String]] {
        let reasons = Ending.allCases.map(\.rawValue) + SessionEnd.otherReasons
        return Side.allCases.flatMap { side in reasons.map { [side.rawValue, $0] } }
    }
}
