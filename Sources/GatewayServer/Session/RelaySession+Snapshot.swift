import GatewayCore
import GatewayWire

extension RelaySession {
    /// What operators are shown of a session that lives.
    var snapshot: JSONValue {
        let seconds = account.secondsReceived
        let elapsed = max(account.elapsed / 1000, 0.001)
        var snapshot: JSONObject = [
            "id": .string(id), "client": .string(admitted.client), "rule": .string(admitted.rule),
            "policy": .string(admitted.policy.name), "started_at": .string(account.startedAtText),
            "duration_ms": .number(JSONNumber(Int(account.elapsed))), "state": .string(stateName),
            "audio_ms": .number(JSONNumber(Int(seconds * 1000))),
            "realtime_percent": .number(JSONNumber(Int(seconds / elapsed * 100))),
            "bytes_up": .number(JSONNumber(pump.bytesUp)), "bytes_down": .number(JSONNumber(pump.bytesDown)),
            "client_leg": .string(client.isWritable ? (limits.isHeldBack ? "held_back" : "open") : "not_reading"),
            "upstream_leg": .string(upstreamName),
        ]
        snapshot[UsageField.requestID.rawValue] = admitted.trail.requestID.map(JSONValue.string)
        snapshot[UsageField.traceID.rawValue] = admitted.trail.traceID.map(JSONValue.string)
        return .object(snapshot)
    }

    private var stateName: String {
        switch machine.state {
        case .awaitingStart: "awaiting_start"
        case .connecting: "connecting"
        case .awaitingReady: "awaiting_ready"
        case .streaming: "streaming"
        case .draining: "draining"
        case .closed: "closed"
        }
    }

    private var upstreamName: String {
        guard let upstream else { return attempt == nil ? "closed" : "connecting" }
        return upstream.isWritable ? "open" : "not_reading"
    }
}
