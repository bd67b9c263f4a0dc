import GatewayCore
import Testing

@testable import GatewayServer

@Suite("What callers are told of their policy")
struct PolicyDocumentTests {
    private static let policy = Policy(
        name: "dictation",
        limits: [
            .sampleRate: FieldLimit(.allowed([.integer(16_000)]), fallback: .integer(16_000)),
            .threshold: FieldLimit(.range(min: .number(0.25), max: .number(0.75)), fallback: .number(0.5)),
        ])

    @Test("its name, the names that may be asked for, limits, schema, and what silence comes to")
    func whole() throws {
        let document = try #require(PublicRoutes.document(Self.policy, mayAskFor: ["dictation", "noisy"]).object)
        #expect(document["policy"] == "dictation")
        #expect(document["may_ask_for"] == ["dictation", "noisy"])
        #expect(document["settings"]?.text == #"{"sample_rate":16000,"vad":{"threshold":0.5}}"#)
        #expect(document["limits"]?.object?["fields"]?.object?["vad.threshold"]?.object?["max"]?.text == "0.75")
        #expect(document["limits"]?.object?["policy"] == nil)
        #expect(document["schema"] == Self.policy.schema)
        #expect(document.members.count == 5)
    }

    @Test("that silence is refused, where it is")
    func refused() throws {
        var policy = Self.policy
        policy.limits[.context] = FieldLimit(.required)
        #expect(PublicRoutes.document(policy, mayAskFor: []).object?["settings"] == .null)
    }
}
