/// The latest samples of a stream, found by their number.
struct AudioHistory {
    private let limit: Int
    private var samples: [Int16] = []
    private var first = 0

    /// Keeps at least the last `limit` samples, and at most twice as many.
    init(limit: Int) { self.limit = limit }

    /// Adds the samples that follow.
    mutating func append(_ more: [Int16]) {
        samples.append(contentsOf: more)
        guard samples.count > 2 * limit else { return }
        let surplus = samples.count - limit
        samples.removeFirst(surplus)
        first += surplus
    }

    /// The samples of the range that are still kept.
    subscript(range: Range<Int>) -> [Int16] {
        let kept = range.clamped(to: first..<first + samples.count)
        return Array(samples[kept.lowerBound - first..<kept.upperBound - first])
    }
}
