/// Keeps results in the order of their utterances although they are worked out at different speeds.
struct FinalsQueue<Result> {
    private var results: [Result?] = []
    private var delivered = 0

    /// Places that wait for their result, or for the result of an earlier one.
    var count: Int { results.count }

    /// A place behind all others.
    mutating func reserve() -> Int {
        results.append(nil)
        return delivered + results.count - 1
    }

    /// Fills a place and returns what can be delivered now, in order.
    mutating func fulfil(_ place: Int, _ result: Result) -> [Result] {
        results[place - delivered] = result
        let ready = results.prefix { if case .some = $0 { true } else { false } }.compactMap(\.self)
        results.removeFirst(ready.count)
        delivered += ready.count
        return ready
    }
}
