import GatewayCore
import Testing

@Suite("Policy decisions")
struct PolicyDecideTests {
    /// A limit, what is asked, what is sent under clamp, and why.
    typealias Row = (StartField, FieldLimit, asked: String, sent: String, told: [String])

    private static let rows: [Row] = [
        // Bounds are included; nothing below nor above them.
        (.minSilence, FieldLimit(.range(min: .integer(200), max: .integer(2000))), "200", "200", []),
        (.minSilence, FieldLimit(.range(min: .integer(200), max: .integer(2000))), "2000.0", "2000", []),
        (.minSilence, FieldLimit(.range(min: .integer(200), max: .integer(2000))), "199", "200", ["min"]),
        (.minSilence, FieldLimit(.range(min: .integer(200), max: .integer(2000))), "2001", "2000", ["max"]),
        (.minSilence, FieldLimit(.range(min: .integer(200), max: nil)), "9e18", "9000000000000000000", []),
        (.minSilence, FieldLimit(.range(min: nil, max: .integer(9))), "-9223372036854775808", "0", ["min"]),
        (.threshold, FieldLimit(.range(min: nil, max: .number(0.8))), "-0.0", "0", []),
        (.threshold, FieldLimit(.range(min: .number(0.3), max: nil)), "1.0000001", "1", ["max"]),
        // Without a limit, what makes sense to the vendor.
        (.threshold, FieldLimit(), "1e-400", "0", []), (.threshold, FieldLimit(), "1.5", "1", ["max"]),
        (.finalSilence, FieldLimit(), "-0.1", "0", ["min"]), (.eventRate, FieldLimit(), "0", "1", ["min"]),
        // 0 asks for infinity.
        (.forceDecode, FieldLimit(), "0", "0", []), (.forceDecode, FieldLimit(), "-1", "0", ["min"]),
        (.forceDecode, FieldLimit(.range(min: nil, max: .integer(60))), "0", "60", ["max"]),
        (.forceDecode, FieldLimit(.range(min: nil, max: .integer(60))), "-1", "60", ["max"]),
        (.forceDecode, FieldLimit(.range(min: nil, max: .integer(60))), "1", "1", []),
        (.forceDecode, FieldLimit(.range(min: .integer(5), max: .integer(60))), "0", "60", ["max"]),
        (.forceDecode, FieldLimit(.range(min: .integer(5), max: .integer(60))), "-1", "5", ["min"]),
        (.forceDecode, FieldLimit(.range(min: .integer(5), max: nil)), "0", "0", []),
        (.forceDecode, FieldLimit(.range(min: .integer(5), max: nil)), "4", "5", ["min"]),
        (.forceDecode, FieldLimit(.fixed(.integer(0))), "100", "0", ["fixed"]),
        (.forceDecode, FieldLimit(.allowed([.integer(0), .integer(9)])), "1", "9", ["denied"]),
        (.forceDecode, FieldLimit(.allowed([.integer(5), .integer(9)])), "0", "9", ["denied"]),
        (.forceDecode, FieldLimit(.allowed([.integer(0)])), "1", "0", ["denied"]),
        // 0 is the least that amp_extend can be.
        (.ampExtend, FieldLimit(.range(min: .integer(100), max: nil)), "0", "100", ["min"]),
        // Fixed values and sets.
        (.minWords, FieldLimit(.fixed(.integer(2))), "2", "2", []),
        (.minWords, FieldLimit(.fixed(.integer(2))), "3", "2", ["fixed"]),
        (.minWords, FieldLimit(.allowed([.integer(1), .integer(5)])), "3", "1", ["denied"]),
        (.minWords, FieldLimit(.allowed([.integer(1), .integer(5)])), "4", "5", ["denied"]),
        (.minWords, FieldLimit(.allowed([.integer(.max), .integer(1)])), "-9223372036854775808", "1", ["denied"]),
        (.minWords, FieldLimit(.allowed([.integer(1), .integer(5)]), fallback: .integer(5)), "2", "5", ["denied"]),
        (.threshold, FieldLimit(.allowed([.number(0.5), .number(0.3)])), "0.4", "0.3", ["denied"]),
        (.endThoughtEagerness, FieldLimit(.allowed([.string("low")])), #""high""#, "", ["denied"]),
        (
            .endThoughtEagerness, FieldLimit(.allowed([.string("low")]), fallback: .string("low")), #""high""#,
            #""low""#, ["denied"]
        ),
        // Flags.
        (.debug, FieldLimit(.denied), "true", "false", ["denied"]), (.debug, FieldLimit(.denied), "false", "false", []),
        (.debug, FieldLimit(.denied), "", "", []), (.events, FieldLimit(.required), "false", "true", ["fixed"]),
        (.events, FieldLimit(.required), "", "true", ["fixed"]), (.events, FieldLimit(.required), "true", "true", []),
        (.singleUtterance, FieldLimit(.fixed(.boolean(false))), "true", "false", ["fixed"]),
        // What is no flag is left out, or must be there.
        (.context, FieldLimit(.denied), #""x""#, "", ["denied"]), (.minChars, FieldLimit(.denied), "1", "", ["denied"]),
        (.minChars, FieldLimit(.required, fallback: .integer(1)), "", "1", ["default"]),
        (.minChars, FieldLimit(.required), "7", "7", []), (.minChars, FieldLimit(.required), "-7", "0", ["min"]),
        // Silence.
        (.speechPad, FieldLimit(fallback: .integer(200)), "", "200", ["default"]),
        (.speechPad, FieldLimit(fallback: .integer(200)), "7", "7", []),
        (.speechPad, FieldLimit(.fixed(.integer(200))), "", "200", ["fixed"]), (.speechPad, FieldLimit(), "", "", []),
        // Texts, cut between clusters: an e with an accent is two characters and three bytes.
        (.context, FieldLimit(.text(maxCharacters: 3, maxBytes: nil)), #""abcd""#, #""abc""#, ["max"]),
        (.context, FieldLimit(.text(maxCharacters: 3, maxBytes: nil)), #""abe\u0301""#, #""ab""#, ["max"]),
        (.context, FieldLimit(.text(maxCharacters: nil, maxBytes: 3)), #""aé""#, #""aé""#, []),
        (.context, FieldLimit(.text(maxCharacters: nil, maxBytes: 3)), #""abé""#, #""ab""#, ["max"]),
        (.context, FieldLimit(.text(maxCharacters: 9, maxBytes: 9)), #""\r\n\r\n""#, #""\r\n\r\n""#, []),
        (.context, FieldLimit(.text(maxCharacters: 1, maxBytes: 9)), #""\r\n""#, #""""#, ["max"]),
        (.context, FieldLimit(.allowed([.string("\u{E9}")])), #""e\u0301""#, "", ["denied"]),
        // The audio format that is allowed; silence counts as 16000 and 1.
        (.sampleRate, FieldLimit(.allowed([.integer(8000), .integer(16000)])), "8000", "8000", []),
        (.sampleRate, FieldLimit(.allowed([.integer(16000)])), "", "", []),
        (.sampleRate, FieldLimit(.fixed(.integer(16000))), "", "16000", ["fixed"]),
        (.channels, FieldLimit(.allowed([.integer(2)]), fallback: .integer(2)), "", "2", ["default"]),
        (.channels, FieldLimit(.denied), "", "", []), (.channels, FieldLimit(), "2", "2", []),
    ]

    private static func member(_ field: StartField, _ value: String) -> String {
        if value.isEmpty { return "" }
        return field.isInVAD ? "\"vad\":{\"\(field.name)\":\(value)}" : "\"\(field.name)\":\(value)"
    }

    private static func message(_ field: StartField, _ value: String) throws -> String {
        let member = member(field, value)
        return try JSONValue(parsing: "{\(member)\(member.isEmpty ? "" : ",")\"type\":\"start\"}".utf8).text
    }

    @Test("what is sent under clamp, and why", arguments: rows)
    func clamp(row: Row) throws {
        let sample = try PolicySample(Policy(name: "p", limits: [row.0: row.1]), Self.member(row.0, row.asked))
        #expect(sample.sent == (try Self.message(row.0, row.sent)))
        #expect(sample.told == row.told.map { "\(row.0.rawValue):\($0):adjusted" })
        let isChanged = row.told.isEmpty ? PolicyDecision.Verdict.unchanged : .changed
        #expect(sample.decision.verdict == isChanged)
        #expect(sample.decision.refusal == nil)
    }

    @Test("what clamp would change is refused under reject, but filling in is no violation", arguments: rows)
    func reject(row: Row) throws {
        let policy = Policy(name: "p", limits: [row.0: row.1], onViolation: .reject)
        let sample = try PolicySample(policy, Self.member(row.0, row.asked))
        let isRefused = !row.told.isEmpty && !row.asked.isEmpty
        #expect((sample.sent == nil) == isRefused)
        #expect(sample.told == row.told.map { "\(row.0.rawValue):\($0):\(isRefused ? "refused" : "adjusted")" })
        #expect(sample.decision.refusal?.ending == (isRefused ? .policyStartRefused : nil))
        if !isRefused { #expect(sample.sent == (try Self.message(row.0, row.sent))) }
    }

    @Test("what clamp would change is sent as asked under observe, and told", arguments: rows)
    func observe(row: Row) throws {
        let limits = [row.0: row.1]
        let asked = Self.member(row.0, row.asked)
        let sample = try PolicySample(Policy(name: "p", limits: limits, onViolation: .observe), asked)
        let clamped = try PolicySample(Policy(name: "p", limits: limits), asked)
        #expect(sample.sent == (try PolicySample(Policy(name: "p", onViolation: .observe), asked).sent))
        #expect(sample.told == row.told.map { "\(row.0.rawValue):\($0):observed" })
        #expect(sample.decision.fields.map(\.applied) == clamped.decision.fields.map(\.applied))
        #expect(sample.decision.verdict == .unchanged)
    }

    @Test(
        "the audio format is refused where others are clamped",
        arguments: [
            (.sampleRate, FieldLimit(.allowed([.integer(16000)])), "8000", "denied"),
            (.sampleRate, FieldLimit(.allowed([.integer(8000)])), "", "denied"),
            (.sampleRate, FieldLimit(.range(min: nil, max: .integer(8000))), "", "max"),
            (.sampleRate, FieldLimit(.fixed(.integer(16000))), "8000", "fixed"),
            (.sampleRate, FieldLimit(.required), "", "fixed"), (.sampleRate, FieldLimit(), "0", "min"),
            (.channels, FieldLimit(.allowed([.integer(1)]), fallback: .integer(1)), "2", "denied"),
            (.channels, FieldLimit(.denied), "1", "denied"), (.minWords, FieldLimit(.required), "", "fixed"),
        ] as [(StartField, FieldLimit, String, String)])
    func refused(field: StartField, limit: FieldLimit, asked: String, reason: String) throws {
        let member = Self.member(field, asked)
        let sample = try PolicySample(Policy(name: "p", limits: [field: limit]), member)
        #expect(sample.sent == nil)
        #expect(sample.told == ["\(field.rawValue):\(reason):refused"])
        let observed = try PolicySample(Policy(name: "p", limits: [field: limit], onViolation: .observe), member)
        #expect(observed.sent == (try Self.message(field, asked)))
        #expect(observed.told == ["\(field.rawValue):\(reason):observed"])
        #expect(observed.decision.fields.map(\.applied) == [nil])
    }

    @Test("a field's own mode beats the policy's, and everything wrong is told at once")
    func ownMode() throws {
        let limits: [StartField: FieldLimit] = [
            .threshold: FieldLimit(.range(min: nil, max: .number(0.5)), onViolation: .reject),
            .minSilence: FieldLimit(.range(min: .integer(200), max: nil), onViolation: .observe),
            .minWords: FieldLimit(.fixed(.integer(1))),
        ]
        let sample = try PolicySample(
            Policy(name: "p", limits: limits), #""vad":{"threshold":0.9,"min_silence_ms":1,"min_words":2,"x":1}"#)
        #expect(sample.sent == nil)
        #expect(
            sample.told == [
                "vad.threshold:max:refused", "vad.min_silence_ms:min:observed", "vad.min_words:fixed:adjusted",
                "vad.x:unknown:adjusted",
            ])
        let passed = try PolicySample(Policy(name: "p", limits: limits), #""vad":{"min_silence_ms":1,"min_words":2}"#)
        #expect(passed.sent == #"{"type":"start","vad":{"min_silence_ms":1,"min_words":1}}"#)
    }
}
