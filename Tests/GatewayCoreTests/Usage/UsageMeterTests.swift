import GatewayCore
import Testing

@Suite("Usage meter")
struct UsageMeterTests {
    @Test("audio is counted in bytes, messages and seconds")
    func audio() {
        var meter = UsageMeter()
        meter.started(sampleRate: 16000, channels: 1)
        meter.receivedAudio(bytes: 20_000, messages: 0, at: 0)
        meter.receivedAudio(bytes: 12_000, messages: 1, at: 0)
        meter.receivedAudio(bytes: 16_000, messages: 1, at: 0)
        meter.forwardedAudio(bytes: 32_000)
        #expect(meter.bytesReceived == 48_000)
        #expect(meter.messagesReceived == 2)
        #expect(meter.bytesForwarded == 32_000)
        #expect(meter.secondsReceived == 1.5)
        #expect(meter.secondsForwarded == 1)
    }

    @Test(
        "seconds follow what start declared, and 16 kHz mono where it declared nothing usable",
        arguments: [
            (16000, 1, 1.0), (8000, 1, 2), (16000, 2, 0.5), (nil, nil, 1), (nil, 2, 0.5), (8000, nil, 2), (0, 0, 1),
            (-1, -1, 1), (.max, .max, 32_000 / 24_576_000),
        ] as [(Int?, Int?, Double)])
    func seconds(rate: Int?, channels: Int?, seconds: Double) {
        var meter = UsageMeter()
        meter.receivedAudio(bytes: 32_000, messages: 1, at: 0)
        #expect(meter.secondsReceived == 1)
        meter.started(sampleRate: rate, channels: channels)
        #expect(abs(meter.secondsReceived - seconds) < 1e-9)
    }

    @Test("only finals count as words, and only those with words as utterances")
    func transcripts() {
        var meter = UsageMeter()
        let kinds: [ServerMessage.Kind] = [
            .final, .final, .partial, .thought, .corrected, .ready, .vadEvent(state: nil), .utteranceEvent(phase: nil),
            .other, .error,
        ]
        for kind in kinds { meter.received(ServerMessage(kind: kind, words: 2, characters: 9), at: 0) }
        meter.received(ServerMessage(kind: .final, words: 0, characters: 1), at: 0)
        #expect(meter.finals == 3)
        #expect(meter.utterances == 2)
        #expect(meter.words == 4)
        #expect(meter.characters == 19)
        #expect(meter.partials == 1)
        #expect(meter.upstreamErrors == 1)
    }

    @Test("speech and silence together are the audio that came")
    func speech() {
        var meter = UsageMeter()
        #expect(meter.secondsOfSpeech == nil)
        meter.receivedAudio(bytes: 32_000, messages: 1, at: 0)
        meter.received(ServerMessage(kind: .vadEvent(state: "speech")), at: 0)
        meter.receivedAudio(bytes: 48_000, messages: 1, at: 0)
        #expect(meter.secondsOfSpeech == 1.5)
        meter.received(ServerMessage(kind: .vadEvent(state: "silence")), at: 0)
        meter.receivedAudio(bytes: 32_000, messages: 1, at: 0)
        #expect(meter.secondsOfSpeech == 1.5)
        #expect(meter.secondsReceived == 3.5)
    }

    @Test(
        "the rate is off beyond 5 % of what was declared",
        arguments: [(3200, false), (3360, false), (3361, true), (3040, false), (3039, true), (9600, true)])
    func rate(bytes: Int, isOff: Bool) {
        var meter = UsageMeter()
        meter.started(sampleRate: 16_000, channels: 1)
        for step in 0..<120 { meter.receivedAudio(bytes: bytes, messages: 1, at: step * 100) }
        #expect(meter.observedBytesPerSecond == bytes * 10)
        #expect(meter.isRateOff == isOff)
    }
}
