import GatewayCore
import Testing

@Suite("The circuit breaker")
struct CircuitBreakerTests {
    private enum Event: CaseIterable { case ask, succeeded, failed, abandoned }

    private struct Situation {
        let name: String
        let breaker: CircuitBreaker
    }

    private static let now: Duration = .seconds(100)

    private static func breaker(failures: Int, at now: Duration = now) -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<failures { breaker.failed(at: now, jitter: 0) }
        return breaker
    }

    private static var situations: [Situation] {
        let open = breaker(failures: CircuitBreaker.threshold)
        let due = breaker(failures: CircuitBreaker.threshold, at: now - .seconds(1))
        var halfOpen = due
        _ = halfOpen.ask(at: now)
        return [
            Situation(name: "closed", breaker: CircuitBreaker()),
            Situation(name: "almost", breaker: breaker(failures: CircuitBreaker.threshold - 1)),
            Situation(name: "open", breaker: open), Situation(name: "due", breaker: due),
            Situation(name: "halfOpen", breaker: halfOpen),
        ]
    }

    @Test("does in every state with every event what the table says")
    func table() {
        let soon = Self.now + .seconds(1)
        let expected: [String: [CircuitBreaker.State]] = [
            "closed": [.closed(failures: 0), .closed(failures: 0), .closed(failures: 1), .closed(failures: 0)],
            "almost": [
                .closed(failures: 7), .closed(failures: 0), .open(until: soon, times: 1), .closed(failures: 7),
            ],
            "open": [
                .open(until: soon, times: 1), .closed(failures: 0), .open(until: soon, times: 1),
                .open(until: soon, times: 1),
            ],
            "due": [
                .halfOpen(times: 1), .closed(failures: 0), .open(until: Self.now, times: 1),
                .open(until: Self.now, times: 1),
            ],
            "halfOpen": [
                .halfOpen(times: 1), .closed(failures: 0), .open(until: Self.now + .seconds(2), times: 2),
                .open(until: Self.now, times: 1),
            ],
        ]
        for situation in Self.situations {
            for (event, state) in zip(Event.allCases, expected[situation.name] ?? []) {
                var breaker = situation.breaker
                switch event {
                case .ask: _ = breaker.ask(at: Self.now)
                case .succeeded: breaker.succeeded()
                case .failed: breaker.failed(at: Self.now, jitter: 0)
                case .abandoned: breaker.abandoned(at: Self.now)
                }
                #expect(breaker.state == state, "\(situation.name), \(event)")
            }
        }
    }

    @Test("refuses while it is open, lets one probe through, and refuses the rest until the probe has told")
    func verdicts() {
        let verdicts = Self.situations.map { situation in
            var breaker = situation.breaker
            let obstacle = breaker.obstacle(at: Self.now)
            let verdict = breaker.ask(at: Self.now)
            // What is said beforehand is what is said then.
            let refusal: Duration? = if case .refuse(let retryAfter) = verdict { retryAfter } else { nil }
            #expect(obstacle == refusal)
            return verdict
        }
        #expect(
            verdicts == [
                .pass, .pass, .refuse(retryAfter: .seconds(1)), .probe, .refuse(retryAfter: .seconds(1)),
            ])
    }

    @Test("stays open twice as long each time, up to 30 s, and up to half as long again by jitter")
    func pauses() {
        var breaker = Self.breaker(failures: CircuitBreaker.threshold, at: .zero)
        var pauses: [Duration] = []
        var now: Duration = .zero
        while pauses.count < 7, case .open(let until, _) = breaker.state {
            pauses.append(until - now)
            now = until
            #expect(breaker.ask(at: now) == .probe)
            breaker.failed(at: now, jitter: 0)
        }
        #expect(pauses == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
        var jittered = Self.breaker(failures: CircuitBreaker.threshold - 1, at: .zero)
        jittered.failed(at: .zero, jitter: 1)
        #expect(jittered.state == .open(until: .milliseconds(1500), times: 1))
    }

    @Test("failures count only in a row")
    func row() {
        var breaker = CircuitBreaker()
        for _ in 0..<50 {
            for _ in 1..<CircuitBreaker.threshold { breaker.failed(at: .zero, jitter: 0) }
            breaker.succeeded()
        }
        #expect(breaker.isClosed)
    }
}
