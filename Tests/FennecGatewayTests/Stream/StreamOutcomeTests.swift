import GatewayWire
import Testing

@testable import fennec_gateway

struct StreamOutcomeTests {
    private static func outcome(
        ready: Bool = true, errors: Int = 0, _ end: StreamOutcome.End = .leg(.closed(code: 1000, reason: ""))
    ) -> StreamOutcome {
        var outcome = StreamOutcome()
        outcome.finals = ["one two", "three"]
        outcome.readyAfter = ready ? .milliseconds(12) : nil
        outcome.errors = errors
        outcome.framesSent = 24_000
        outcome.end = end
        return outcome
    }

    @Test(
        "success is ready, no error and 1000; everything else says why not",
        arguments: [
            (outcome(), true, "ready after 12 ms, 1.5 s of audio, 2 finals (3 words), closed with 1000"),
            (
                outcome(ready: false), false,
                "never ready, 1.5 s of audio, 2 finals (3 words), closed with 1000"
            ),
            (
                outcome(errors: 1), false,
                "ready after 12 ms, 1.5 s of audio, 2 finals (3 words), 1 error, closed with 1000"
            ),
            (
                outcome(.leg(.closed(code: 4000, reason: "not\u{7}today"))), false,
                "ready after 12 ms, 1.5 s of audio, 2 finals (3 words), closed with 4000 (not today)"
            ),
            (
                outcome(.leg(.closed(code: nil, reason: ""))), false,
                "ready after 12 ms, 1.5 s of audio, 2 finals (3 words), closed without a code"
            ),
            (
                outcome(.leg(.lost)), false,
                "ready after 12 ms, 1.5 s of audio, 2 finals (3 words), the connection was lost"
            ),
            (
                outcome(ready: false, .neverReady), false,
                "never ready, 1.5 s of audio, 2 finals (3 words), given up: no ready came"
            ),
        ] as [(StreamOutcome, Bool, String)])
    func success(outcome: StreamOutcome, isSuccess: Bool, text: String) {
        #expect(outcome.isSuccess == isSuccess)
        #expect(StreamSummary(outcome, sampleRate: 16_000).text == text)
    }

    @Test("the summary is one line of JSON, too")
    func json() {
        #expect(
            StreamSummary(Self.outcome(), sampleRate: 16_000).json
                == #"{"audio_seconds":1.5,"close_code":1000,"close_reason":"","end":"closed with 1000","errors":0,"#
                + #""finals":2,"ready_ms":12,"words":3}"#)
    }
}
