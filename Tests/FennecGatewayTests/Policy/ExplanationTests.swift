import GatewayCore
import Testing

@testable import fennec_gateway

@Suite("What the gateway would make of a first message")
struct ExplanationTests {
    private let policy = Policy(
        name: "p",
        limits: [
            .minSilence: FieldLimit(.range(min: .integer(200), max: .integer(2000)), fallback: .integer(800)),
            .context: FieldLimit(.text(maxCharacters: 60, maxBytes: nil), onViolation: .observe),
            .threshold: FieldLimit(.range(min: .number(0.3), max: nil), onViolation: .reject),
        ])

    private func explain(_ message: String, asksForThoughts: Bool = false) -> Explanation {
        Explanation(Array(message.utf8), asksForThoughts: asksForThoughts, policy: policy)
    }

    @Test("A changed message is shown as a table and as it goes upstream")
    func changed() {
        let explanation = explain(#"{"type":"start","colour":1,"vad":{"min_silence_ms":50,"threshold":0.5}}"#)
        #expect(explanation.verdict == .changed)
        #expect(
            explanation.text == """
                field               asked  applied   why      allowed
                vad.threshold       0.5    0.5                from 0.3 to 1
                vad.min_silence_ms  50     200       min      from 200 to 2000 (milliseconds)
                colour              1      left out  unknown  left out

                Changed by p. This goes upstream:
                {"type":"start","vad":{"min_silence_ms":200,"threshold":0.5}}

                """)
    }

    @Test("An unchanged message goes upstream, and what is only observed is told")
    func unchanged() {
        let long = String(repeating: "x", count: 61)
        let explanation = explain(#"{"type":"start","context":"\#(long)","vad":{"min_silence_ms":400.0}}"#)
        #expect(explanation.verdict == .unchanged)
        let cell = "\"" + String(repeating: "x", count: 30) + "…"
        #expect(
            explanation.text == """
                field               asked                             applied                           why            allowed
                context             \(cell)  \(cell)  max, observed  at most 60 characters
                vad.min_silence_ms  400                               400                                              from 200 to 2000 (milliseconds)

                Unchanged by p; the policy would change a field if it did not only observe. This goes upstream:
                {"context":"\(long)","type":"start","vad":{"min_silence_ms":400}}

                """)
    }

    @Test("A refused message is told as the client would be")
    func refused() {
        let explanation = explain(#"{"type":"start","vad":{"threshold":0.1}}"#)
        #expect(explanation.verdict == .refused)
        #expect(
            explanation.text == """
                field               asked  applied  why           allowed
                vad.threshold       0.1    -        min, refused  from 0.3 to 1
                vad.min_silence_ms  -      800      default       from 200 to 2000 (milliseconds)

                Refused by p, and closed with 1008 policy_start_refused:
                  vad.threshold must be from 0.3 to 1, not 0.1.

                """)
    }

    @Test(
        "What is no start ends as it would in a session",
        arguments: [
            (#"{"type":"eos"}"#, .startExpected), ("{", .startExpected), ("[]", .startExpected),
            (#"{"type":"begin"}"#, .startExpected), ("", .startExpected),
            ("\u{FEFF}{\"type\":\"start\"}", .startExpected),
            (#"{"type":"start","vad":3}"#, .policyStartRefused),
            (#"{"type":"start","channels":null}"#, .policyStartRefused),
            (#"{"type":"start","a":1,"\u0061":2}"#, .policyStartRefused),
        ] as [(String, Ending)])
    func noStart(message: String, ending: Ending) throws {
        let explanation = explain(message)
        #expect(explanation.verdict == .refused)
        let refusal = try #require(explanation.refusal)
        #expect(refusal.ending == ending)
        #expect(explanation.text.contains("\n  \(refusal.words)\n"))
        #expect(explanation.json.object?["error"]?.object?["message"] == .string(refusal.words))
    }

    @Test("Bytes that are no text, and too many, end as they would on the wire")
    func noText() {
        let invalid = Explanation(Array("{\"type\":\"start\",\"context\":\"".utf8) + [0xFF], policy: policy)
        #expect(invalid.refusal?.ending == .invalidUTF8)
        let big = Explanation(Array("{\"type\":\"start\"}".utf8), isTooBig: true, policy: policy)
        #expect(big.refusal?.ending == .messageTooBig)
    }

    @Test("The query asks for thoughts where the message is silent")
    func thoughts() throws {
        let asked = { (message: String) in
            explain(message, asksForThoughts: true).json.object?["upstream"]?.object?["detect_thoughts"]
        }
        #expect(asked(#"{"type":"start"}"#) == true)
        #expect(asked(#"{"type":"start","detect_thoughts":false}"#) == false)
    }

    @Test("For programs there is the whole decision, and the message or the error")
    func json() {
        let changed = explain(#"{"type":"start"}"#).json
        #expect(
            changed == [
                "policy": "p", "verdict": "changed", "upstream": ["type": "start", "vad": ["min_silence_ms": 800]],
                "fields": [
                    [
                        "field": "vad.min_silence_ms", "applied": 800, "reason": "default", "effect": "adjusted",
                        "allowed": "from 200 to 2000 (milliseconds)",
                    ]
                ],
            ])
        #expect(
            explain("3").json == [
                "policy": "p", "verdict": "refused", "fields": [],
                "error": [
                    "code": "start_expected", "close_code": 1008,
                    "message": .string(
                        "\(Ending.startExpected.message) A text message must be one JSON object, not a number."),
                ],
            ])
    }

    @Test("What a message carries cannot take over a terminal")
    func printable() {
        let text = explain(#"{"type":"start","context":"\#u{9B}31m"}"#).text
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    }
}
