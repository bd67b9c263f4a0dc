/// How many tokens are kept ready for sessions to come.
package struct TokenPoolSettings: Sendable, Equatable {
    /// Kept ready even when nobody comes.
    package var floor: Int
    /// The most that are kept ready; 0 means that each is asked for when it is needed.
    package var ceiling: Int
    /// Older tokens are dropped, unless they say themselves that they expire sooner.
    package var maxAge: Duration

    package init(floor: Int = 1, ceiling: Int = 32, maxAge: Duration = .seconds(20)) {
        self.floor = floor
        self.ceiling = ceiling
        self.maxAge = maxAge
    }

    /// How many tokens a day are minted while nobody comes: the floor, renewed each time that it is too old.
    package var idleMintsPerDay: Int {
        guard maxAge > .zero else { return 0 }
        return Int((Double(min(floor, ceiling)) * (Duration.seconds(86_400) / maxAge)).rounded())
    }
}
