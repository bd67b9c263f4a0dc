import GatewayCore
import Testing

@Suite("The event that tells a client of its policy")
struct PolicyEventTests {
    private static func event(_ policy: Policy, _ text: String) throws -> JSONObject {
        guard case .start(let start) = try ClientMessage.decode(text.utf8) else { throw NoStart() }
        return try #require(policy.decide(start).event.object)
    }

    private struct NoStart: Error {}

    @Test("has the settings that went upstream, and every adjustment with what was asked and why")
    func whole() throws {
        let policy = Policy(
            name: "dictation",
            limits: [
                .threshold: FieldLimit(.range(min: .number(0.3), max: .number(0.8))),
                .minSilence: FieldLimit(fallback: .integer(800)),
            ])
        let event = try Self.event(policy, #"{"type":"start","channels":1,"vad":{"threshold":0.9},"colour":"red"}"#)
        #expect(event["type"] == "gateway.policy")
        #expect(event["policy"] == "dictation")
        #expect(event["verdict"] == "changed")
        let settings = #"{"channels":1,"vad":{"min_silence_ms":800,"threshold":0.8}}"#
        #expect(event["settings"]?.text == settings)
        guard case .array(let elements) = event["adjustments"] else { throw NoStart() }
        let adjustments = elements.compactMap(\.object)
        #expect(adjustments.map { $0["field"]?.string } == ["vad.threshold", "vad.min_silence_ms", "colour"])
        #expect(adjustments.map { $0["reason"]?.string } == ["max", "default", "unknown"])
        #expect(adjustments.map { $0["asked"]?.text } == ["0.9", nil, "\"red\""])
        #expect(adjustments.map { $0["applied"]?.text } == ["0.8", "800", nil])
        #expect(event.members.count == 5)
    }

    @Test("says nothing of what was kept")
    func unchanged() throws {
        let event = try Self.event(Policy(name: "p"), #"{"type":"start","sample_rate":16000}"#)
        #expect(event["verdict"] == "unchanged")
        #expect(event["settings"] == ["sample_rate": 16000])
        #expect(event["adjustments"] == [])
    }

    @Test("never has a text of its own, whatever members the policy lets pass")
    func noText() throws {
        let event = try Self.event(
            Policy(name: "p", unknownFields: .pass),
            #"{"type":"start","text":"hello","gateway":{"events":true},"vad":{"text":"x"}}"#)
        #expect(event["text"] == nil)
        #expect(event["settings"] == ["text": "hello", "vad": ["text": "x"]])
    }
}
