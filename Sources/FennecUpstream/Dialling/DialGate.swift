import GatewayCore
import Synchronization

/// The circuit breaker of the stream endpoint, for all event loops together.
final class DialGate: Sendable {
    private let breaker = Mutex(CircuitBreaker())
    private let origin = ContinuousClock.now
    private let observer: any UpstreamObserver

    init(observer: any UpstreamObserver) {
        self.observer = observer
    }

    private var now: Duration { origin.duration(to: .now) }

    /// After what time a dial that would be refused now is worth another try; `nil` when it would pass.
    func obstacle() -> Duration? {
        let now = now
        return breaker.withLock { $0.obstacle(at: now) }
    }

    /// A dial wants to begin; unless it is refused, `succeeded`, `failed` or `abandoned` must follow.
    func ask() -> CircuitBreaker.Verdict {
        let now = now
        return breaker.withLock { $0.ask(at: now) }
    }

    func succeeded() {
        let hasClosed = breaker.withLock { breaker in
            defer { breaker.succeeded() }
            return !breaker.isClosed
        }
        if hasClosed { observer.noticed(.dialCircuitClosed) }
    }

    /// - Parameter words: What failed, for the log.
    func failed(_ words: String) {
        let now = now
        let jitter = Double.random(in: 0..<1)
        let hasOpened = breaker.withLock { breaker in
            let wasClosed = breaker.isClosed
            breaker.failed(at: now, jitter: jitter)
            return wasClosed && !breaker.isClosed
        }
        if hasOpened { observer.noticed(.dialCircuitOpened(words)) }
    }

    /// The dial was given up by its session.
    func abandoned() {
        let now = now
        breaker.withLock { $0.abandoned(at: now) }
    }
}
