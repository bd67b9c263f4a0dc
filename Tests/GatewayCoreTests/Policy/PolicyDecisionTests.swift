import GatewayCore
import Testing

@Suite("What is told of a decision")
struct PolicyDecisionTests {
    private static let secret = "nobody may read this"

    private static let limits: [StartField: FieldLimit] = [
        .context: FieldLimit(.text(maxCharacters: 10, maxBytes: nil)),
        .threshold: FieldLimit(.range(min: .number(0.3), max: .number(0.8))),
        .minSilence: FieldLimit(.range(min: .integer(200), max: .integer(2000)), fallback: .integer(800)),
        .debug: FieldLimit(.denied),
    ]

    private static let asked =
        #""context":"\#(secret)","x y":"\#(secret)","vad":{"threshold":0.9,"debug":false,"colour":null}"#

    @Test("it is one JSON object for the client and the tools")
    func json() throws {
        let decision = try PolicySample(Policy(name: "p", limits: Self.limits), Self.asked).decision
        let expected =
            #"{"fields":[{"allowed":"at most 10 characters","applied":"nobody may","asked":"\#(Self.secret)","#
            + #""effect":"adjusted","field":"context","reason":"max"},"#
            + #"{"allowed":"from 0.3 to 0.8","applied":0.8,"asked":0.9,"effect":"adjusted","field":"vad.threshold","#
            + #""reason":"max"},"#
            + #"{"allowed":"from 200 to 2000 (milliseconds)","applied":800,"effect":"adjusted","#
            + #""field":"vad.min_silence_ms","reason":"default"},"#
            + #"{"allowed":"false","applied":false,"asked":false,"effect":"kept","field":"vad.debug"},"#
            + #"{"allowed":"left out","asked":"\#(Self.secret)","effect":"adjusted","field":"x y","reason":"unknown"},"#
            + #"{"allowed":"left out","asked":null,"effect":"adjusted","field":"vad.colour","reason":"unknown"}],"#
            + #""policy":"p","verdict":"changed"}"#
        #expect(decision.json.text == expected)
    }

    @Test("the log's summary has no value in it", arguments: OnViolation.allCases)
    func summary(onViolation: OnViolation) throws {
        let policy = Policy(name: "p", limits: Self.limits, onViolation: onViolation)
        let decision = try PolicySample(policy, Self.asked).decision
        #expect(
            decision.summary == "context:max vad.threshold:max vad.min_silence_ms:default unknown:unknown "
                + "vad.colour:unknown")
        #expect(decision.refusal?.message.contains("nobody") != true)
        #expect(try PolicySample(policy, #""vad":{"min_silence_ms":300}"#).decision.summary == "")
    }

    @Test("the log's summary is bounded, and names every setting first")
    func longSummary() throws {
        let all = Dictionary(uniqueKeysWithValues: StartField.allCases.map { ($0, FieldLimit(.required)) })
        let members = (0..<1000).map { "\"member\($0)\":1" }.joined(separator: ",")
        let decision = try PolicySample(Policy(name: "p", limits: all), members).decision
        let names = decision.summary.split(separator: " ").map { $0.split(separator: ":")[0] }
        #expect(names.prefix(StartField.allCases.count) == StartField.allCases.map { $0.rawValue[...] }[...])
        #expect(names.count == 25)
        #expect(names.last == "+29")
    }

    @Test(
        "a refusal names the field, what is allowed, and what came",
        arguments: [
            (
                .minSilence, .range(min: .integer(200), max: .integer(2000)), #""vad":{"min_silence_ms":5e3}"#,
                "vad.min_silence_ms must be from 200 to 2000 (milliseconds), not 5000."
            ),
            (
                .finalSilence, .range(min: .number(0.5), max: nil), #""vad":{"final_silence_s":-0.25}"#,
                "vad.final_silence_s must be at least 0.5 (seconds), not -0.25."
            ),
            (
                .forceDecode, .range(min: nil, max: .integer(60000)), #""vad":{"force_decode_ms":0}"#,
                "vad.force_decode_ms must be from 1 to 60000 (milliseconds), not 0."
            ),
            (
                .forceDecode, .range(min: .integer(1000), max: nil), #""vad":{"force_decode_ms":10}"#,
                "vad.force_decode_ms must be 0 for never or at least 1000 (milliseconds), not 10."
            ),
            (
                .forceDecode, .fixed(.integer(0)), #""vad":{"force_decode_ms":10}"#,
                "vad.force_decode_ms must be 0 for never (milliseconds), not 10."
            ),
            (.threshold, .free, #""vad":{"threshold":1.5}"#, "vad.threshold must be from 0 to 1, not 1.5."),
            (.threshold, .denied, #""vad":{"threshold":0.5}"#, "vad.threshold must be left out, not 0.5."),
            (.threshold, .required, "", "vad.threshold must be given, from 0 to 1, not left out."),
            (.debug, .denied, #""vad":{"debug":true}"#, "vad.debug must be false, not true."),
            (.events, .required, #""vad":{"events":false}"#, "vad.events must be true, not false."),
            (
                .sampleRate, .allowed([.integer(8000), .integer(16000), .integer(24000), .integer(48000)]),
                #""sample_rate":44100"#,
                "sample_rate must be one of 8000, 16000, 24000, 48000 (hertz), not 44100."
            ),
            (
                .minWords, .allowed((1...99).map { .integer($0) }), #""vad":{"min_words":100}"#,
                "vad.min_words must be one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 or 88 more (words), not 100."
            ),
            (.channels, .allowed([.integer(1)]), #""channels":2"#, "channels must be 1, not 2."),
            (
                .endThoughtEagerness, .allowed([.string("low"), .string("medium")]),
                #""end_thought_eagerness":"high""#, "end_thought_eagerness must be one of low, medium, not high."
            ),
            (.context, .denied, #""context":"\#(secret)""#, "context must be left out, not this text."),
            (
                .context, .text(maxCharacters: 3, maxBytes: 100), #""context":"größe""#,
                "context must be at most 3 characters and 100 bytes, not 5 characters (7 bytes)."
            ),
            (.context, .fixed(.string("legal")), #""context":"x""#, #"context must be "legal", not this text."#),
            (.context, .fixed(.string("a b")), #""context":"x""#, "context must be a certain text, not this text."),
        ] as [(StartField, FieldConstraint, String, String)])
    func sentence(field: StartField, constraint: FieldConstraint, asked: String, message: String) throws {
        let policy = Policy(name: "p", limits: [field: FieldLimit(constraint)], onViolation: .reject)
        let refusal = try PolicySample(policy, asked).decision.refusal
        #expect(refusal?.message == message)
        #expect(refusal?.ending == .policyStartRefused)
        #expect(message.utf8.count <= 120)
    }
}
