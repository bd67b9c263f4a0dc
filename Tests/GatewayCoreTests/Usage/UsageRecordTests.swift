import GatewayCore
import Testing

@Suite("Usage record")
struct UsageRecordTests {
    private static func meter() -> UsageMeter {
        var meter = UsageMeter()
        meter.receivedAudio(bytes: 10_000, messages: 1, at: 100)
        meter.forwardedAudio(bytes: 9_000)
        meter.received(ServerMessage(Array(#"{"text":"two words"}"#.utf8)), at: 350)
        meter.received(ServerMessage(Array(#"{"text":"two","is_final":false}"#.utf8)), at: 350)
        return meter
    }

    @Test("all fields stand in one order, with their units in their names")
    func full() {
        let record = UsageRecord(
            session: "s1",
            trail: RequestTrail(
                requestIDs: ["r-1"], traceParents: ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"]),
            client: "10.0.0.1", rule: "web", policy: "dictation", origin: "https://a.example",
            address: "10.0.0.0", startedAt: 1_700_000_000_000, duration: 2500, meter: Self.meter(), droppedFrames: 3,
            mintTime: 12, connectTime: 34, timeToReady: 56, endedBy: .upstream,
            closeCode: 1000, reason: "upstream_closed")
        let line = record.fields.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        #expect(
            line
                == "session=s1 request_id=r-1 trace_id=4bf92f3577b34da6a3ce929d0e0e4736 client=10.0.0.1 rule=web policy=dictation origin=https://a.example address=10.0.0.0 "
                + "started_at_ms=1700000000000 duration_ms=2500 audio_seconds=0.313 audio_bytes=10000 "
                + "forwarded_seconds=0.281 forwarded_bytes=9000 frames=1 dropped_frames=3 utterances=1 finals=1 "
                + "partials=1 words=2 characters=9 upstream_errors=0 mint_ms=12 connect_ms=34 "
                + "ready_ms=56 first_transcript_ms=250 final_delay_median_ms=250 final_delay_max_ms=250 "
                + "declared_bytes_per_second=32000 ended_by=upstream close_code=1000 reason=upstream_closed")
    }

    private static func decision(_ effects: [FieldDecision.Effect], message: StartMessage? = StartMessage())
        -> PolicyDecision
    {
        let fields = effects.map { effect in
            FieldDecision(
                subject: effect == .observed ? .moreUnknown(3) : .field(.threshold), asked: 1, applied: nil,
                reason: effect == .kept ? nil : .max, effect: effect, allowed: "")
        }
        return PolicyDecision(policy: "p", message: message, fields: fields)
    }

    @Test("what the policy made of the start stands behind its name, as names and counts")
    func decision() {
        let decided: [(PolicyDecision, String)] = [
            (Self.decision([]), "verdict=unchanged adjusted=0"),
            (Self.decision([.kept, .adjusted]), "verdict=changed adjusted=1 adjustments=vad.threshold:max"),
            (Self.decision([.observed]), "verdict=unchanged adjusted=0 observed=3 adjustments=unknown:max"),
            (
                Self.decision([.refused, .adjusted], message: nil),
                "verdict=refused adjusted=1 adjustments=vad.threshold:max vad.threshold:max"
            ),
        ]
        for (decision, text) in decided {
            let record = UsageRecord(
                session: "s", client: "c", rule: "r", policy: "p", decision: PolicyUsage(decision), startedAt: 0,
                duration: 0, meter: UsageMeter(), endedBy: .client, reason: "client_lost")
            let line = record.fields.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
            #expect(line.contains(" policy=p \(text) started_at_ms=0 "), "\(line)")
        }
    }

    @Test("what is not there is left out")
    func sparse() {
        let record = UsageRecord(
            session: "s2", client: "-", rule: "lan", startedAt: 0, duration: 0, meter: UsageMeter(), endedBy: .client,
            reason: "client_lost")
        let names = Set(record.fields.map(\.name))
        #expect(
            names.isDisjoint(with: [
                "policy", "verdict", "adjusted", "origin", "address", "speech_seconds", "silence_seconds", "mint_ms",
                "connect_ms", "ready_ms",
                "first_transcript_ms", "final_delay_median_ms", "observed_bytes_per_second", "close_code",
            ]))
        #expect(names.count == record.fields.count)
    }

    @Test("as JSON it has the same fields, numbers as numbers")
    func json() throws {
        let record = UsageRecord(
            session: "s\"3", client: "-", rule: "lan", startedAt: 5, duration: 7, meter: Self.meter(),
            endedBy: .gateway, closeCode: 1013, reason: Ending.tokenUnavailable.rawValue)
        let object = try #require(try JSONValue(parsing: record.json.encoded).object)
        #expect(object.members.count == record.fields.count)
        #expect(object["session"] == "s\"3")
        #expect(object["close_code"] == 1013)
        #expect(object["audio_seconds"]?.number?.asDouble == 0.313)
        #expect(object["ended_by"] == "gateway")
        #expect(object["reason"] == "token_unavailable")
    }
}
