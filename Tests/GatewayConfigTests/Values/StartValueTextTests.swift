import GatewayCore
import Testing

@testable import GatewayConfig

@Suite("Values of settings as text")
struct StartValueTextTests {
    @Test(
        "Values are read",
        arguments: [
            (.minSilence, "400", .integer(400)), (.minSilence, "400.0", .integer(400)),
            (.minSilence, "4e2", .integer(400)),
            (.minSilence, "-0", .integer(0)), (.minSilence, "9223372036854775807", .integer(.max)),
            (.threshold, "0", .number(0)), (.threshold, "1.0", .number(1)), (.threshold, "4.5e-1", .number(0.45)),
            (.debug, "true", .boolean(true)), (.debug, "false", .boolean(false)),
            (.endThoughtEagerness, "medium", .string("medium")), (.context, "400", .string("400")),
            (.context, "", .string("")),
        ] as [(StartField, String, StartValue)])
    func reads(field: StartField, text: String, value: StartValue) throws {
        #expect(try StartValueText.parse(text, isPlain: !text.isEmpty, for: field) == value)
    }

    @Test(
        "Everything else is refused, with what was meant",
        arguments: [
            (.minSilence, "0.8", "800"), (.minSilence, "1s", "1000"), (.minSilence, "1.5 s", "1500"),
            (.minSilence, "2m", "120000"), (.minSilence, "800 ms", "800"), (.minSilence, "1_000", "1000"),
            (.minSilence, "+5", "5"), (.minSilence, "0x10", nil), (.minSilence, "9223372036854775808", nil),
            (.minSilence, "1e999", nil), (.minSilence, ".inf", nil), (.minSilence, ".nan", nil),
            (.minSilence, "~", nil),
            (.minSilence, "null", nil), (.minSilence, "-1", nil), (.minSilence, "٣", nil),
            (.finalSilence, "100ms", "0.1"), (.finalSilence, "700ms", "0.7"), (.finalSilence, "0.1s", "0.1"),
            (.finalSilence, "2min", "120"), (.finalSilence, ".5", "0.5"), (.finalSilence, "0,5", "0.5"),
            (.threshold, "45%", "0.45"), (.threshold, "45", "0.45"), (.threshold, "1.01", nil),
            (.threshold, "-0.1", nil),
            (.threshold, "nan", nil), (.sampleRate, "16kHz", "16000"), (.sampleRate, "16k", "16000"),
            (.sampleRate, "44.1 kHz", "44100"), (.sampleRate, "8000 Hz", "8000"), (.sampleRate, "0", nil),
            (.channels, "mono", nil), (.minWords, "2 words", nil), (.debug, "yes", "true"), (.debug, "Off", "false"),
            (.debug, "True", "true"), (.debug, "1", nil), (.endThoughtEagerness, "Low", "low"),
        ] as [(StartField, String, String?)])
    func refuses(field: StartField, text: String, suggestion: String?) {
        let error = #expect(throws: ValueError.self) { try StartValueText.parse(text, isPlain: true, for: field) }
        #expect(error?.suggestion == suggestion)
    }

    @Test("Numbers and flags stand without quotes, texts and words with or without")
    func quotes() throws {
        for (field, text) in [(StartField.minSilence, "400"), (.threshold, "0.5"), (.debug, "true")] {
            let error = #expect(throws: ValueError.self) { try StartValueText.parse(text, isPlain: false, for: field) }
            #expect(error?.hint == "write it without quotes")
        }
        #expect(try StartValueText.parse("low", isPlain: false, for: .endThoughtEagerness) == .string("low"))
        #expect(try StartValueText.parse("low", isPlain: false, for: .context) == .string("low"))
    }
}
