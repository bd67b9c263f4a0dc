/// When an issuer's keys are fetched again: as often as the operator says; after a failure sooner, and ever later; and
/// when a token names a key that is not known, but not whenever somebody makes one up. Time is that of any clock that
/// never goes back.
package struct KeyRefresh: Sendable, Equatable {
    /// Unknown keys cause no more than one attempt in this time.
    static let unknownKeyPause: Duration = .seconds(10)
    private static let longestBackOff: Duration = .seconds(60)

    private let interval: Duration
    private var due: Duration
    private var lastBegan: Duration?
    private var failures = 0
    private var isRunning = false

    /// The first attempt is due at once.
    package init(interval: Duration, now: Duration) {
        self.interval = interval
        due = now
    }

    /// Whether an attempt should begin; if so, it has.
    package mutating func begin(now: Duration) -> Bool {
        guard !isRunning, now >= due else { return false }
        isRunning = true
        lastBegan = now
        return true
    }

    package mutating func succeeded(now: Duration) {
        isRunning = false
        failures = 0
        due = now + interval
    }

    /// - Parameter jitter: From 0 up to 1; several gateways shall not come back together.
    package mutating func failed(now: Duration, jitter: Double) {
        isRunning = false
        failures += 1
        let wait = min(Self.longestBackOff, .seconds(1) * (1 << min(failures - 1, 10)))
        due = now + min(wait * (0.5 + jitter / 2), interval)
    }

    /// A token names a key that is not there.
    package mutating func missedKey(now: Duration) {
        // While fetching fails, that is what is waited for.
        guard failures == 0, !isRunning else { return }
        due = min(due, max(now, (lastBegan ?? now) + Self.unknownKeyPause))
    }
}
