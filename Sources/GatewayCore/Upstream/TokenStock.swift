/// The tokens that are ready, by the numbers of their mints; the one that is good for the shortest time comes first.
struct TokenStock: Sendable, Equatable {
    private struct Token: Sendable, Equatable {
        let number: UInt64
        /// Not used from this moment on.
        let goodUntil: Duration
        /// Its replacement is asked for at this moment, so that it is there when this one goes.
        let replaceAt: Duration
    }

    private var tokens: [Token] = []

    var count: Int { tokens.count }
    /// When the next token goes or needs its replacement, whichever comes first after `now`.
    func nextChange(after now: Duration) -> Duration? {
        tokens.flatMap { [$0.replaceAt, $0.goodUntil] }.filter { $0 > now }.min()
    }

    /// Whether one is good.
    func hasGood(at now: Duration) -> Bool {
        tokens.contains { $0.goodUntil > now }
    }

    /// How many are good for so long that they need no replacement yet.
    func fresh(at now: Duration) -> Int {
        tokens.count { $0.replaceAt > now }
    }

    /// Puts one in its place.
    mutating func add(_ number: UInt64, goodUntil: Duration, replaceAt: Duration) {
        let place = tokens.firstIndex { $0.goodUntil > goodUntil } ?? tokens.endIndex
        tokens.insert(Token(number: number, goodUntil: goodUntil, replaceAt: replaceAt), at: place)
    }

    /// Takes out the one that is good for the shortest time.
    mutating func takeFirst() -> UInt64? {
        tokens.isEmpty ? nil : tokens.removeFirst().number
    }

    /// Takes out what is good no more.
    mutating func takeExpired(at now: Duration) -> [UInt64] {
        let expired = tokens.prefix { $0.goodUntil <= now }.map(\.number)
        tokens.removeFirst(expired.count)
        return expired
    }

    /// Takes out everything.
    mutating func takeAll() -> [UInt64] {
        defer { tokens = [] }
        return tokens.map(\.number)
    }
}
