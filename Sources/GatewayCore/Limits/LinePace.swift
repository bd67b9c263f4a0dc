/// Keeps log lines that strangers can cause at will from filling the log. Time is that of any clock that never goes
/// back.
package struct LinePace: Sendable, Equatable {
    private let rate: TokenBucket.Rate
    private var bucket: TokenBucket
    private var heldBack = 0

    /// - Parameter rate: Lines a minute, and at once.
    package init(_ rate: TokenBucket.Rate, now: Duration) {
        self.rate = rate
        bucket = TokenBucket(now: now)
    }

    /// Something is worth a line: how many lines were held back since the last one, or `nil` when this one is too.
    package mutating func line(now: Duration) -> Int? {
        guard bucket.take(rate, now: now) == nil else {
            heldBack += 1
            return nil
        }
        defer { heldBack = 0 }
        return heldBack
    }
}
