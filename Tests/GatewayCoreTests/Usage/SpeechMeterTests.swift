import GatewayCore
import Testing

@Suite("Speech meter")
struct SpeechMeterTests {
    typealias Step = (kind: ServerMessage.Kind, position: Double)

    private func speech(_ steps: [Step], at end: Double) -> Double? {
        var meter = SpeechMeter()
        for step in steps { meter.received(step.kind, at: step.position) }
        return meter.speech(at: end)
    }

    private static func vad(_ state: String?, _ position: Double) -> Step { (.vadEvent(state: state), position) }
    private static func utterance(_ phase: String?, _ position: Double) -> Step {
        (.utteranceEvent(phase: phase), position)
    }

    @Test(
        "adds up what lies between the events",
        arguments: [
            ([], nil), ([vad(nil, 1)], nil), ([vad("silence", 1)], 0), ([vad("speech", 2)], 8),
            ([vad("speech", 2), vad("silence", 5)], 3),
            ([vad("speech", 2), vad("speech", 3), vad("silence", 5), vad("silence", 6)], 3),
            ([vad("speaking", 1), vad("silence", 2), vad("voice", 4), vad("quiet", 6)], 3),
            ([utterance("start", 1), utterance("end", 4)], 3), ([utterance("start", 1), utterance("odd", 4)], 9),
            ([utterance("start", 1), utterance("dropped", 2)], 1), ([utterance(nil, 1)], nil),
            // Events of voice activity are finer and win, whichever came first.
            ([utterance("start", 1), vad("speech", 2), utterance("end", 3), vad("silence", 4)], 2),
            ([vad("speech", 2), utterance("start", 3), vad("silence", 4), utterance("end", 6)], 2),
            ([(.final, 3), (.ready, 4)], nil),
        ] as [([Step], Double?)])
    func sums(steps: [Step], seconds: Double?) {
        #expect(speech(steps, at: 10) == seconds)
    }

    @Test("is never more than the audio")
    func bounded() {
        #expect(speech([Self.vad("speech", 0)], at: 0) == 0)
    }
}
