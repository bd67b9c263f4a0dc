import GatewayCore
import Testing

@Suite("Start fields")
struct StartFieldTests {
    /// The vendor's names, written out once more on purpose.
    private static let paths: Set<String> = [
        "sample_rate", "channels", "single_utterance", "detect_thoughts", "end_thought_eagerness",
        "force_complete_time", "context", "vad.threshold", "vad.min_silence_ms", "vad.speech_pad_ms",
        "vad.final_silence_s", "vad.start_trigger_ms", "vad.min_voiced_ms", "vad.min_chars", "vad.min_words",
        "vad.amp_extend", "vad.force_decode_ms", "vad.debug", "vad.events", "vad.event_hz",
    ]

    @Test("every documented field is known, and no other")
    func complete() {
        #expect(Set(StartField.allCases.map(\.rawValue)) == Self.paths)
    }

    @Test("a path is the object and the name", arguments: StartField.allCases)
    func path(field: StartField) {
        #expect(field.rawValue == (field.isInVAD ? "vad." : "") + field.name)
        #expect(!field.name.contains("."))
    }

    @Test("seconds and milliseconds are told apart by the name", arguments: StartField.allCases)
    func units(field: StartField) {
        switch field.kind {
        case .integer(let unit), .number(let unit):
            if field.name.hasSuffix("_ms") { #expect(unit == .milliseconds) }
            if field.name.hasSuffix("_s") { #expect(unit == .seconds) }
            if field.name.hasSuffix("_hz") { #expect(unit == .hertz) }
            #expect(field.meaningfulRange != nil)
        case .boolean, .string, .choice: #expect(field.meaningfulRange == nil)
        }
    }

    @Test(
        "the range of what makes sense is the vendor's",
        arguments: [
            (StartField.threshold, 1.0, true), (.threshold, 1.5, false), (.minSilence, 0, true),
            (.minSilence, -1, false), (.finalSilence, 0.5, true), (.sampleRate, 0, false), (.channels, 1, true),
        ])
    func range(field: StartField, value: Double, makesSense: Bool) {
        #expect(field.meaningfulRange?.contains(value) == makesSense)
    }

    @Test("a value fits the fields of its kind alone")
    func fits() {
        #expect(StartValue.integer(1).fits(.integer(.hertz)))
        #expect(!StartValue.integer(1).fits(.number(.none)))
        #expect(StartValue.number(1).fits(.number(.seconds)))
        #expect(!StartValue.number(.nan).fits(.number(.seconds)))
        #expect(!StartValue.number(1).fits(.integer(.none)))
        #expect(StartValue.boolean(true).fits(.boolean))
        #expect(StartValue.string("x").fits(.string))
        #expect(!StartValue.string("x").fits(.choice(["low"])))
        #expect(StartValue.string("low").fits(.choice(["low"])))
        #expect(!StartValue.string("true").fits(.boolean))
    }
}
