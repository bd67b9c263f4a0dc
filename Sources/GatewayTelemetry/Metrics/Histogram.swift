/// Spans of time sorted into fixed buckets. Observing takes no lock.
package final class Histogram: Sendable {
    /// The upper bounds, in seconds, ascending; above the last there is one more bucket without a bound.
    let bounds: [Double]
    private let buckets: [Counter]
    private let total = Counter.ofSeconds()

    /// - Parameter bounds: In seconds, ascending.
    package init(bounds: [Double]) {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "bounds ascend")
        self.bounds = bounds
        buckets = (0...bounds.count).map { _ in Counter() }
    }

    package func observe(_ time: Duration) {
        let seconds = time.inSeconds
        let index = bounds.firstIndex { seconds <= $0 } ?? bounds.count
        buckets[index].add()
        total.add(time)
    }

    /// How many were at most as long as each bound, and how many there are in all, last.
    var cumulative: [UInt64] {
        var sum: UInt64 = 0
        return buckets.map { bucket in
            sum += bucket.steps
            return sum
        }
    }

    /// All of them together, in seconds.
    var sum: Double { Double(total.steps) * total.unit }
}

extension Histogram {
    /// From 5 ms to 30 s: what network exchanges take.
    package static let networkBounds: [Double] = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30,
    ]
    /// From 0.5 ms to 10 s: what the steps of a dial take; a name that is known takes none.
    package static let dialBounds: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
    ]
    /// From 1 s to 4 h: what sessions last.
    package static let sessionBounds: [Double] = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 14_400]
    /// From 1 ms to 5 s: what holds up an event loop.
    package static let lagBounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
}
