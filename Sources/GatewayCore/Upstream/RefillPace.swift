/// When the next token may be minted ahead of need: one after the other, and ever more rarely while that fails.
struct RefillPace: Sendable, Equatable {
    private static let shortestPause: Duration = .seconds(1)
    private static let longestPause: Duration = .seconds(30)

    /// No refill begins before this moment.
    private(set) var nextAt: Duration = .zero
    private var failuresInARow = 0

    mutating func started(at now: Duration, interval: Duration) {
        nextAt = now + interval
    }

    mutating func succeeded() {
        failuresInARow = 0
    }

    /// - Parameter jitter: From 0 up to 1.
    mutating func failed(at now: Duration, jitter: Double) {
        let pause = min(Self.shortestPause * (1 << min(failuresInARow, 10)), Self.longestPause)
        failuresInARow += 1
        nextAt = max(nextAt, now + pause * ((1 + jitter) / 2))
    }
}
