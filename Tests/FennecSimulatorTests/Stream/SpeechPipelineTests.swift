import NIOCore
import Testing

@testable import FennecSimulator

@Suite struct SpeechPipelineTests {
    private func steps(
        _ start: String, chunk: Int = 1024, transcripts: Bool = true, recognizer: String? = nil
    ) throws -> [SpeechPipeline.Step] {
        var configuration = SimulatorConfiguration()
        if transcripts { configuration.transcripts = try SpeechFixture.transcripts() }
        configuration.recognizer = recognizer.flatMap(RecognizerCommand.init(parsing:))
        let message = try StartMessage(JSONReader.read(start.utf8))
        var pipeline = SpeechPipeline(
            message, detectsThoughts: message.detectsThoughts, configuration: configuration)
        let pcm = try SpeechFixture.pcm()
        var steps: [SpeechPipeline.Step] = []
        for place in stride(from: 0, to: pcm.count, by: chunk) {
            steps += pipeline.consume(ByteBuffer(bytes: pcm[place..<min(place + chunk, pcm.count)]))
        }
        return steps + pipeline.finish()
    }

    private func texts(_ steps: [SpeechPipeline.Step]) -> [String] {
        steps.compactMap { if case .transcribe(_, .text(let text)) = $0 { text } else { nil } }
    }

    private func types(_ steps: [SpeechPipeline.Step]) -> Set<String> {
        Set(steps.compactMap { if case .send(let message) = $0 { message["type"]?.string } else { nil } })
    }

    private let presets = [
        #"{"type":"start","sample_rate":16000,"channels":1}"#,
        #"{"type":"start","vad":{"threshold":0.45,"min_silence_ms":800,"speech_pad_ms":200,"start_trigger_ms":36,"min_voiced_ms":100,"min_chars":2,"min_words":1,"force_decode_ms":60000}}"#,
        #"{"type":"start","vad":{"threshold":0.65,"min_silence_ms":400,"speech_pad_ms":150,"start_trigger_ms":100,"min_voiced_ms":250,"amp_extend":0,"force_decode_ms":0}}"#,
    ]

    @Test("The SDK's own start and the vendor's scenarios give the three sentences")
    func sentences() throws {
        for preset in presets { #expect(try texts(steps(preset)) == SpeechFixture.texts) }
    }

    @Test(
        "However the speech is cut, its words come once and in order",
        arguments: [
            #"{"type":"start","vad":{"min_silence_ms":100}}"#, #"{"type":"start","vad":{"force_decode_ms":1000}}"#,
            #"{"type":"start","vad":{"force_decode_ms":370,"min_silence_ms":50,"min_voiced_ms":0}}"#,
            #"{"type":"start","vad":{"min_silence_ms":5000}}"#,
            #"{"type":"start","vad":{"threshold":0.5,"min_silence_ms":100,"speech_pad_ms":200,"final_silence_s":0.1,"start_trigger_ms":36,"min_voiced_ms":48,"min_chars":1,"min_words":1,"amp_extend":1200,"force_decode_ms":0,"debug":false}}"#,
        ])
    func words(start: String) throws {
        let spoken = try texts(steps(start)).filter { !$0.isEmpty }.joined(separator: " ")
        #expect(spoken == SpeechFixture.texts.joined(separator: " "))
    }

    @Test("A recogniser gets more of an utterance each second, and in the end all of it")
    func guesses() throws {
        var growing: [Int: [Int]] = [:]
        var whole: [Int: Int] = [:]
        for step in try steps(presets[0], transcripts: false, recognizer: "true") {
            switch step {
            case .guess(let number, let samples): growing[number, default: []].append(samples.count)
            case .transcribe(let utterance, .samples(let samples)): whole[utterance.number] = samples.count
            default: break
            }
        }
        #expect(whole.keys.sorted() == [1, 2, 3])
        for (number, sizes) in growing {
            #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $1 - $0 == 16_000 })
            #expect(try #require(sizes.last) <= (try #require(whole[number])) + 16_000)
        }
        #expect(growing.values.map(\.count).reduce(0, +) >= 8)
    }

    @Test("Messages may be divided anywhere, also inside a sample", arguments: [1, 3, 641, 32_000])
    func division(chunk: Int) throws {
        let start = #"{"type":"start","vad":{"events":true,"event_hz":4,"min_silence_ms":100}}"#
        #expect(try steps(start, chunk: chunk) == steps(start))
    }

    @Test("Events and diagnostics come when asked for")
    func events() throws {
        #expect(try types(steps(presets[0])) == ["partial"])
        #expect(try types(steps(#"{"type":"start","vad":{"events":true}}"#)) == ["partial", "vad", "utterance"])
        #expect(try types(steps(#"{"type":"start","vad":{"debug":true}}"#)) == ["partial", "debug"])
    }

    @Test("Without texts the utterances are described")
    func descriptions() throws {
        let found = try texts(steps(presets[0], transcripts: false))
        #expect(found.count == 3)
        #expect(found[0].hasPrefix("utterance 1, "))
        #expect(try types(steps(presets[0], transcripts: false)).isEmpty)
    }

    @Test("With thoughts a long pause completes one")
    func thoughts() throws {
        let eager = try steps(#"{"type":"start","detect_thoughts":true,"end_thought_eagerness":"high"}"#)
        #expect(eager.count { $0 == .completeThought } == 3)
        let patient = try steps(#"{"type":"start","detect_thoughts":true,"end_thought_eagerness":"low"}"#)
        #expect(patient.count { $0 == .completeThought } == 0)
    }

    @Test("Two channels become their mean, and odd bytes wait for their other half")
    func decoding() {
        var mono = PCMDecoder(channels: 1)
        #expect(mono.decode(ByteBuffer(bytes: [0x01])) == [])
        #expect(mono.decode(ByteBuffer(bytes: [0x80, 0xFF])) == [-32767])
        #expect(mono.decode(ByteBuffer(bytes: [0xFF])) == [-1])
        var stereo = PCMDecoder(channels: 2)
        #expect(stereo.decode(ByteBuffer(bytes: [10, 0, 20, 0, 1])) == [15])
    }

    @Test("Results are delivered in the order of their places")
    func order() {
        var queue = FinalsQueue<Int>()
        let places = (0..<3).map { _ in queue.reserve() }
        #expect(queue.fulfil(places[1], 1) == [])
        #expect(queue.fulfil(places[0], 0) == [0, 1])
        #expect(queue.count == 1)
        #expect(queue.fulfil(places[2], 2) == [2])
    }
}
