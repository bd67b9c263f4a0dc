import GatewayCore
import Testing

@Suite("What a policy says of itself")
struct PolicyDescriptionTests {
    @Test(
        "a setting is described with its unit and what is allowed",
        arguments: [
            (
                .minSilence,
                FieldLimit(.range(min: .integer(200), max: .integer(2000)), fallback: .integer(800)),
                #"{"default":800,"description":"from 200 to 2000 (milliseconds)","max":2000,"min":200,"#
                    + #""on_violation":"clamp","rule":"allow","type":"integer","unit":"milliseconds"}"#
            ),
            (
                .threshold, FieldLimit(onViolation: .observe),
                #"{"description":"from 0 to 1","max":1,"min":0,"on_violation":"observe","rule":"allow","#
                    + #""type":"number"}"#
            ),
            (
                .forceDecode, FieldLimit(),
                #"{"description":"0 for never or at least 1 (milliseconds)","min":1,"on_violation":"clamp","#
                    + #""rule":"allow","type":"integer","unit":"milliseconds","zero":"never"}"#
            ),
            (
                .forceDecode, FieldLimit(.range(min: nil, max: .integer(60000))),
                #"{"description":"from 1 to 60000 (milliseconds)","max":60000,"min":1,"on_violation":"clamp","#
                    + #""rule":"allow","type":"integer","unit":"milliseconds"}"#
            ),
            (
                .sampleRate, FieldLimit(.allowed([.integer(16000)])),
                #"{"allowed":[16000],"description":"16000 (hertz)","on_violation":"reject","rule":"allow","#
                    + #""type":"integer","unit":"hertz"}"#
            ),
            (
                .debug, FieldLimit(.fixed(.boolean(false))),
                #"{"description":"false","fixed":false,"on_violation":"clamp","rule":"allow","type":"boolean"}"#
            ),
            (
                .detectThoughts, FieldLimit(.denied),
                #"{"description":"false","on_violation":"clamp","rule":"deny","type":"boolean"}"#
            ),
            (
                .endThoughtEagerness, FieldLimit(.required),
                #"{"allowed":["low","medium","high"],"description":"given, one of low, medium, high","#
                    + #""on_violation":"clamp","rule":"require","type":"string"}"#
            ),
            (
                .context, FieldLimit(.text(maxCharacters: 500, maxBytes: 2000)),
                #"{"description":"at most 500 characters and 2000 bytes","max_bytes":2000,"max_characters":500,"#
                    + #""on_violation":"clamp","rule":"allow","type":"string"}"#
            ),
        ] as [(StartField, FieldLimit, String)])
    func field(field: StartField, limit: FieldLimit, text: String) {
        let json = Policy(name: "p", limits: [field: limit]).json
        #expect(json.object?["fields"]?.object?[field.rawValue]?.text == text)
    }

    @Test("the whole names the policy, its modes, its messages, and every setting")
    func whole() throws {
        let messages = MessageLimits(allowed: [.aiContext], otherwise: .drop)
        let policy = Policy(name: "p", unknownFields: .pass, onViolation: .reject, messages: messages)
        var object = try #require(policy.json.object)
        #expect(object["fields"]?.object?.members.map(\.name) == StartField.allCases.map(\.rawValue))
        object["fields"] = nil
        #expect(
            JSONValue.object(object).text
                == #"{"messages":{"allow":["eos","ai_context"],"otherwise":"drop"},"on_violation":"reject","#
                + #""policy":"p","unknown_fields":"pass"}"#)
    }
}
