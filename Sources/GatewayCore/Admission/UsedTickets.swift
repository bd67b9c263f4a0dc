/// The tickets that were used, until they expire: none is good twice. Bounded; when it is full no ticket is taken, since
/// to forget one would be to let it in again.
package struct UsedTickets: Sendable {
    private var expiries: [String: Int] = [:]
    private let most: Int
    /// No ticket has expired before then.
    private var earliest = Int.max

    /// - Parameter most: The most tickets at once.
    package init(most: Int = 200_000) {
        self.most = most
    }

    /// How many are remembered.
    package var count: Int { expiries.count }

    /// Whether a ticket was used.
    package func contains(_ id: String) -> Bool { expiries[id] != nil }

    /// Uses a ticket up; `false` when it was used before, or when there is no room.
    /// - Parameter now: Milliseconds since 1970.
    package mutating func use(_ id: String, expires: Int, now: Int) -> Bool {
        if earliest <= now || expiries.count >= most { forget(before: now) }
        guard expiries[id] == nil, expiries.count < most else { return false }
        expiries[id] = expires
        earliest = min(earliest, expires)
        return true
    }

    /// What is still to be remembered, for a fresh copy of what is written down.
    package mutating func current(now: Int) -> [(id: String, expires: Int)] {
        forget(before: now)
        return expiries.map { ($0.key, $0.value) }
    }

    private mutating func forget(before now: Int) {
        expiries = expiries.filter { $0.value > now }
        // Looked at again in a minute at the earliest, so that a look at all of them is rare.
        earliest = max(expiries.values.min() ?? .max, now + 60_000)
    }
}
