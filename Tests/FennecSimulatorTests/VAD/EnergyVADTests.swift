import Testing

@testable import FennecSimulator

@Suite struct EnergyVADTests {
    private func events(
        _ samples: [Int16], chunk: Int = 512, pause: Int = 0, _ change: (inout VADSettings) -> Void = { _ in }
    ) -> [VADEvent] {
        var settings = VADSettings()
        change(&settings)
        var timing = VADTiming(sampleRate: 16_000)
        timing.pause = pause
        var vad = EnergyVAD(settings: settings, timing: timing)
        var events: [VADEvent] = []
        for start in stride(from: 0, to: samples.count, by: chunk) {
            events += vad.consume(samples[start..<min(start + chunk, samples.count)])
        }
        return events + vad.finish()
    }

    private func utterances(_ samples: [Int16], _ change: (inout VADSettings) -> Void = { _ in }) -> [Utterance] {
        events(samples, change).compactMap { if case .due(let utterance) = $0 { utterance } else { nil } }
    }

    private func total(_ utterances: [Utterance]) -> Int { utterances.reduce(0) { $0 + $1.end - $1.start } }

    /// A square wave of `amplitude` for so many milliseconds each.
    private func tone(_ parts: (amplitude: Int16, milliseconds: Int)...) -> [Int16] {
        parts.flatMap { part in (0..<part.milliseconds * 16).map { $0 / 40 % 2 == 0 ? part.amplitude : -part.amplitude }
        }
    }

    @Test("The recording has its three utterances where they are said")
    func recording() throws {
        let found = try utterances(SpeechFixture.samples())
        let entries = try SpeechFixture.transcripts().entries
        #expect(found.count == 3)
        for (utterance, entry) in zip(found, entries) {
            #expect(abs(Double(utterance.start) / 16_000 - entry.start) < 0.4)
            #expect(abs(Double(utterance.end) / 16_000 - entry.end) < 0.4)
            #expect((-30 ... -15).contains(utterance.loudness))
        }
        #expect(found.map(\.number) == [1, 2, 3])
        #expect(found.allSatisfy { $0.cause == .silence })
    }

    @Test("Events depend on the samples, not on how they are divided", arguments: [1, 7, 160, 512, 1600, 262_080])
    func chunking(chunk: Int) throws {
        let samples = try SpeechFixture.samples()
        func change(_ settings: inout VADSettings) {
            settings.minSilence = 100
            settings.events = true
            settings.eventRate = 10
            settings.finalSilence = 0.3
        }
        #expect(events(samples, chunk: chunk, pause: 600, change) == events(samples, pause: 600, change))
    }

    @Test("A shorter min_silence_ms gives more utterances, a longer one fewer")
    func minSilence() throws {
        let samples = try SpeechFixture.samples()
        #expect(utterances(samples) { $0.minSilence = 100 }.count >= 5)
        #expect(utterances(samples) { $0.minSilence = 2000 }.count == 1)
    }

    @Test("force_decode_ms cuts what is longer, and 0 never does")
    func forceDecode() throws {
        let samples = try SpeechFixture.samples()
        let cut = utterances(samples) { $0.forceDecode = 1000 }
        #expect(cut.count >= 10)
        #expect(cut.contains { $0.cause == .forced })
        #expect(cut.allSatisfy { $0.end - $0.start <= 16_000 + 3200 })
        #expect(zip(cut, cut.dropFirst()).allSatisfy { $0.end <= $1.start })
        #expect(utterances(samples) { $0.forceDecode = 0 }.count == 3)
    }

    @Test("A higher threshold leaves less speech, a lower one more")
    func threshold() throws {
        let samples = try SpeechFixture.samples()
        let lengths = [0.1, 0.5, 0.95].map { threshold in total(utterances(samples) { $0.threshold = threshold }) }
        #expect(lengths[0] > lengths[1])
        #expect(lengths[1] > lengths[2])
    }

    @Test("speech_pad_ms moves the start forward by that much, as far as there is audio")
    func speechPad() {
        let samples = tone((0, 500), (8000, 500), (0, 1000))
        let start = utterances(samples) { $0.speechPad = 0 }[0].start
        #expect(utterances(samples) { $0.speechPad = 200 }[0].start == start - 3200)
        #expect(utterances(samples) { $0.speechPad = 5000 }[0].start == 0)
    }

    @Test("Padding never reaches into the utterance before")
    func padding() {
        let found = utterances(tone((0, 500), (8000, 500), (0, 300), (8000, 500), (0, 1000))) {
            $0.minSilence = 200
            $0.speechPad = 2000
        }
        #expect(found.count == 2)
        #expect(found[0].end == found[1].start)
    }

    @Test("start_trigger_ms ignores shorter sounds")
    func startTrigger() {
        let samples = tone((0, 500), (8000, 80), (0, 1000), (8000, 300), (0, 1000))
        #expect(utterances(samples) { $0.minVoiced = 0 }.count == 2)
        #expect(
            utterances(samples) {
                $0.minVoiced = 0
                $0.startTrigger = 200
            }.count == 1)
    }

    @Test("min_voiced_ms drops utterances with less voice")
    func minVoiced() {
        let samples = tone((0, 500), (8000, 150), (0, 1000))
        #expect(utterances(samples) { $0.minVoiced = 100 }.count == 1)
        #expect(utterances(samples) { $0.minVoiced = 300 }.isEmpty)
        let dropped = events(samples) { $0.minVoiced = 300 }.contains { if case .dropped = $0 { true } else { false } }
        #expect(dropped)
    }

    @Test("final_silence_s delays the final by that much audio and leaves the utterance alone")
    func finalSilence() {
        let samples = tone((0, 500), (8000, 500), (0, 3000))
        func due(after silence: Double) -> (count: Int, utterance: Utterance?) {
            var settings = VADSettings()
            settings.finalSilence = silence
            var vad = EnergyVAD(settings: settings, timing: VADTiming(sampleRate: 16_000))
            for (index, sample) in samples.enumerated() {
                for case .due(let utterance) in vad.consume(CollectionOfOne(sample)) { return (index, utterance) }
            }
            return (0, nil)
        }
        #expect(due(after: 0.5).count - due(after: 0).count == 8000)
        #expect(due(after: 0.5).utterance == due(after: 0).utterance)
    }

    @Test("amp_extend lets sound below the threshold bridge a pause, for so long, but never begins an utterance")
    func soundExtension() {
        // 250 is about -42 dBFS: below speech, but not silence.
        let samples = tone((0, 500), (8000, 400), (250, 400), (8000, 400), (0, 1000))
        func count(_ milliseconds: Int) -> Int {
            utterances(samples) {
                $0.minSilence = 200
                $0.soundExtension = milliseconds
            }.count
        }
        #expect(count(0) == 2)
        #expect(count(50) == 2)
        #expect(count(1200) == 1)
        #expect(utterances(tone((0, 500), (250, 2000), (0, 500))) { $0.soundExtension = 1200 }.isEmpty)
    }

    @Test("What is being spoken at the end counts")
    func flush() {
        let found = utterances(tone((0, 500), (8000, 500)))
        #expect(found.map(\.cause) == [.flushed])
        #expect(found.first?.end == 16_000)
    }

    @Test("Silence and steady noise are no speech", arguments: [0, 30, 150] as [Int16])
    func noise(amplitude: Int16) {
        #expect(utterances(tone((amplitude, 5000))).isEmpty)
    }

    @Test("Speech is found over steady noise")
    func noisySpeech() {
        let found = utterances(tone((150, 2000), (8000, 500), (150, 2000), (8000, 500), (150, 2000)))
        #expect(found.count == 2)
    }

    @Test("event_hz tells the activity that often, and changes are told in any case")
    func eventRate() {
        let samples = tone((0, 1000), (8000, 500), (0, 1500))
        func count(_ rate: Int) -> Int {
            events(samples) { $0.eventRate = rate }.count { if case .activity = $0 { true } else { false } }
        }
        #expect(count(0) == 2)
        #expect((30...32).contains(count(10)))
    }

    @Test("A pause is told once after every utterance")
    func pauses() throws {
        let found = try events(SpeechFixture.samples(), pause: 1000).count {
            if case .paused = $0 { true } else { false }
        }
        #expect(found == 3)
    }

    @Test("Another sample rate gives the same utterances in seconds")
    func sampleRates() {
        var vad = EnergyVAD(settings: VADSettings(), timing: VADTiming(sampleRate: 8000))
        let samples = tone((0, 1000), (8000, 1000), (0, 4000))
        let found = vad.consume(samples).compactMap { if case .due(let utterance) = $0 { utterance } else { nil } }
        #expect(found.count == 1)
        #expect(abs(found[0].end - 32_000) < 500)
    }
}
