import Testing

@testable import FennecUpstream

@Suite("A second attempt")
struct MintRetryTests {
    private func pause(
        _ failure: MintFailure = .serverError(status: 500), attempt: Int = 1, remaining: Duration = .seconds(9),
        jitter: Double = 0.5
    ) -> Duration? {
        MintRetry.pause(after: failure, attempt: attempt, remaining: remaining, jitter: jitter)
    }

    @Test(
        "comes after a pause that the jitter draws from the whole range", arguments: [(0.0, 0), (0.5, 150), (1.5, 300)])
    func jitter(jitter: Double, milliseconds: Int) {
        #expect(pause(jitter: jitter) == .milliseconds(milliseconds))
    }

    @Test("is made once, and only while there is time for it")
    func bounds() {
        #expect(pause(attempt: 2) == nil)
        #expect(pause(remaining: .milliseconds(249)) == nil)
        #expect(pause(remaining: .milliseconds(250)) == .milliseconds(150))
        #expect(pause(remaining: .milliseconds(-5)) == nil)
    }

    @Test(
        "is not made when it cannot help",
        arguments: [
            .unauthorized(status: 401), .rateLimited(retryAfter: nil), .unexpectedStatus(404), .noToken, .notJSON,
            .bodyTooLarge, .tls("x"), .cancelled, .internal("x"),
        ] as [MintFailure])
    func hopeless(failure: MintFailure) {
        #expect(pause(failure) == nil)
    }

    @Test("every outcome has a label of its own")
    func labels() {
        #expect(Set(MintOutcome.labels).count == 13)
        #expect(MintOutcome.labels.count == 13)
    }
}
