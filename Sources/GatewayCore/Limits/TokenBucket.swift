/// A store of tokens that fills at a steady rate up to its burst. Time is that of any clock that never goes back.
package struct TokenBucket: Sendable, Equatable {
    /// How much may happen.
    package struct Rate: Sendable, Hashable {
        /// Tokens a minute; more than 0.
        package var perMinute: Int
        /// Most tokens at once; at least 1.
        package var burst: Int

        package init(perMinute: Int, burst: Int? = nil) {
            self.perMinute = perMinute
            self.burst = burst ?? perMinute
        }

        /// How long one token takes to come.
        var interval: Duration { .seconds(60) / perMinute }
    }

    /// When the bucket would be full if nothing more were taken: all that it needs to remember.
    private var fullAt: Duration

    /// A bucket that is full.
    package init(now: Duration) {
        fullAt = now
    }

    /// Takes a token; `nil` when there was one, otherwise how long until there is.
    package mutating func take(_ rate: Rate, now: Duration) -> Duration? {
        if let wait = wait(rate, now: now) { return wait }
        fullAt = max(fullAt, now) + rate.interval
        return nil
    }

    /// How long until there is a token; `nil` when there is one.
    package func wait(_ rate: Rate, now: Duration) -> Duration? {
        let earliest = fullAt - rate.interval * (rate.burst - 1)
        return earliest > now ? earliest - now : nil
    }

    /// How long until it is full again; zero when it is.
    package func missing(now: Duration) -> Duration { max(.zero, fullAt - now) }
}
