/// Keeps sessions away from a service that fails again and again, and lets one at a time find out whether it is back.
/// Time is since any fixed moment, on a clock that never goes back.
package struct CircuitBreaker: Sendable, Equatable {
    /// Where it stands.
    package enum State: Sendable, Equatable {
        /// Everything passes; so many attempts in a row have failed. Next: `open`.
        case closed(failures: Int)
        /// Nothing passes before this moment; it has opened so many times in a row. Next: `halfOpen`, `closed`.
        case open(until: Duration, times: Int)
        /// One probe is out, nothing else passes. Next: `closed`, `open`.
        case halfOpen(times: Int)
    }

    /// What becomes of an attempt.
    package enum Verdict: Sendable, Equatable {
        case pass
        /// Go ahead: on what comes of it depends everybody else. `succeeded`, `failed` or `abandoned` must follow.
        case probe
        /// Not now; worth another try after this time.
        case refuse(retryAfter: Duration)
    }

    /// Failures in a row that open it.
    package static let threshold = 8
    /// How long it stays open the first time; each further time doubles it.
    package static let shortestPause: Duration = .seconds(1)
    /// The longest time that it stays open.
    package static let longestPause: Duration = .seconds(30)

    package private(set) var state: State = .closed(failures: 0)

    package init() {}

    /// Whether attempts are refused now, other than for a probe's sake.
    package var isClosed: Bool {
        if case .closed = state { return true }
        return false
    }

    /// An attempt wants to begin.
    package mutating func ask(at now: Duration) -> Verdict {
        if let retryAfter = obstacle(at: now) { return .refuse(retryAfter: retryAfter) }
        guard case .open(_, let times) = state else { return .pass }
        state = .halfOpen(times: times)
        return .probe
    }

    /// After what time an attempt that would be refused now is worth another try; `nil` when it would pass.
    package func obstacle(at now: Duration) -> Duration? {
        switch state {
        case .closed: nil
        case .open(let until, _): now < until ? until - now : nil
        // How long the probe takes is not known; the pause that follows its failure is.
        case .halfOpen(let times): Self.pause(times: times, jitter: 0)
        }
    }

    /// An attempt succeeded, whenever it began.
    package mutating func succeeded() {
        state = .closed(failures: 0)
    }

    /// An attempt failed. What was under way when it opened changes nothing more.
    /// - Parameter jitter: From 0 up to 1.
    package mutating func failed(at now: Duration, jitter: Double) {
        switch state {
        case .closed(let failures) where failures + 1 < Self.threshold: state = .closed(failures: failures + 1)
        case .closed: open(times: 1, at: now, jitter)
        case .halfOpen(let times): open(times: times + 1, at: now, jitter)
        case .open: break
        }
    }

    /// The probe was given up and says nothing: the next attempt is the probe.
    package mutating func abandoned(at now: Duration) {
        guard case .halfOpen(let times) = state else { return }
        state = .open(until: now, times: times)
    }

    private mutating func open(times: Int, at now: Duration, _ jitter: Double) {
        state = .open(until: now + Self.pause(times: times, jitter: jitter), times: times)
    }

    /// Doubled each time, and up to half as long again, so that gateways beside each other do not probe together.
    private static func pause(times: Int, jitter: Double) -> Duration {
        let doubled = shortestPause * (1 << min(max(times - 1, 0), 10))
        return min(doubled, longestPause) * (1 + min(max(jitter, 0), 1) / 2)
    }
}
