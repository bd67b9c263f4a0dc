package import GatewayCore

extension GatewayMetrics {
    /// A session has opened.
    package func sessionOpened() {
        sessions.add()
        sessionsActive.add(1)
    }

    /// A session that `sessionOpened` counted has ended. What it relayed was counted meanwhile.
    package func sessionEnded(_ record: UsageRecord) {
        sessionsActive.add(-1)
        sessionCloses[record.endedBy.rawValue, Self.label(ofCode: record.closeCode)].add()
        endings[record.reason].add()
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

    /// The codes that may stand on the wire and are named by RFC 6455 §7.4.1 or the IANA registry.
    private static let knownCodes: [UInt16] = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014]
    private static let unknownCode = "other"

    /// `none` where there was no close frame.
    private static func label(ofCode code: UInt16?) -> String {
        guard let code else { return "none" }
        return knownCodes.contains(code) ? String(code) : unknownCode
    }

    /// Label values of `session_closes_total`.
    static var closes: [[String]] {
        let codes = knownCodes.map { String($0) } + ["none", unknownCode]
        return Side.allCases.flatMap { side in codes.map { [side.rawValue, $0] } }
    }

    /// Label values of `endings_total`: the gateway's own endings and those without a frame of ours.
    static var endingCodes: [[String]] {
        (Ending.allCases.map(\.rawValue) + ["client_closed", "client_lost", "upstream_closed"]).map { [$0] }
    }
}
