import Testing

@testable import FennecSimulator

@Suite struct StartMessageTests {
    private func read(_ text: String) throws -> StartMessage { try StartMessage(JSONReader.read(text.utf8)) }

    @Test("Every key is read")
    func complete() throws {
        let start = try read(
            #"""
            {"type":"start","sample_rate":8000,"channels":2,"single_utterance":true,"detect_thoughts":true,
             "end_thought_eagerness":"high","force_complete_time":12.5,"context":"names","vad":{"threshold":0.3,
             "min_silence_ms":100,"speech_pad_ms":10,"final_silence_s":0.1,"start_trigger_ms":20,"min_voiced_ms":48,
             "min_chars":2,"min_words":3,"amp_extend":1200,"force_decode_ms":15000,"debug":true,"events":true,
             "event_hz":5},"unknown":{}}
            """#)
        #expect(start.sampleRate == 8000 && start.channels == 2)
        #expect(start.isSingleUtterance && start.detectsThoughts)
        #expect(start.eagerness == .high && start.forceCompleteTime == 12.5)
        var vad = VADSettings()
        (vad.threshold, vad.minSilence, vad.speechPad, vad.finalSilence) = (0.3, 100, 10, 0.1)
        (vad.startTrigger, vad.minVoiced, vad.minCharacters, vad.minWords) = (20, 48, 2, 3)
        (vad.soundExtension, vad.forceDecode, vad.eventRate) = (1200, 15_000, 5)
        (vad.debug, vad.events) = (true, true)
        #expect(start.vad == vad)
    }

    @Test("Absent keys have their defaults, and whole numbers may be written with a fraction")
    func defaults() throws {
        let start = try read(#"{"type":"start","vad":{"min_silence_ms":800.0}}"#)
        #expect(start.sampleRate == 16_000 && start.channels == 1 && start.vad == VADSettings())
    }

    @Test(
        "Wrong types and values are refused and named",
        arguments: [
            (#"{"type":"eos"}"#, "start message"), (#"{}"#, "start message"),
            (#"{"type":"start","sample_rate":"16000"}"#, "sample_rate"),
            (#"{"type":"start","channels":9}"#, "channels"),
            (#"{"type":"start","vad":[]}"#, "vad must"),
            (#"{"type":"start","vad":{"threshold":1.5}}"#, "vad.threshold"),
            (#"{"type":"start","vad":{"debug":1}}"#, "vad.debug"),
            (#"{"type":"start","vad":{"min_silence_ms":0.5}}"#, "vad.min_silence_ms"),
            (#"{"type":"start","end_thought_eagerness":"very"}"#, "end_thought_eagerness"),
            (#"{"type":"start","context":null}"#, "context"),
        ])
    func refused(text: String, expected: String) {
        let refusal = #expect(throws: StartMessage.Refusal.self) { try read(text) }
        #expect(refusal?.problem.contains(expected) == true)
    }
}
