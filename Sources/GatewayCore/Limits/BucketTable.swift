/// Buckets for many keys, bounded. A full bucket says nothing, so it needs no place; when there is no place left, the
/// fullest buckets go, which forget the least.
package struct BucketTable<Key: Hashable & Sendable>: Sendable {
    private var buckets: [Key: TokenBucket] = [:]
    private let most: Int

    /// - Parameter most: The most keys at once.
    package init(most: Int = 10_000) {
        self.most = most
    }

    /// How many keys have a place.
    package var count: Int { buckets.count }

    /// Takes a token of this key; `nil` when there was one, otherwise how long until there is.
    package mutating func take(_ key: Key, _ rate: TokenBucket.Rate, now: Duration) -> Duration? {
        if buckets[key] == nil, buckets.count >= most { makeRoom(now: now) }
        return buckets[key, default: TokenBucket(now: now)].take(rate, now: now)
    }

    /// How long until this key has a token; `nil` when it has one.
    package func wait(_ key: Key, _ rate: TokenBucket.Rate, now: Duration) -> Duration? {
        buckets[key]?.wait(rate, now: now)
    }

    /// Drops what is full again; when that is nothing, the fullest tenth, so that room is not made for every newcomer.
    private mutating func makeRoom(now: Duration) {
        buckets = buckets.filter { $0.value.missing(now: now) > .zero }
        guard buckets.count >= most else { return }
        let ordered = buckets.sorted { $0.value.missing(now: now) < $1.value.missing(now: now) }
        for (key, _) in ordered.prefix(max(1, most / 10)) { buckets[key] = nil }
    }
}
