import Synchronization

/// Spans of time sorted into fixed buckets, each with the last session that it counted. Observing takes no lock.
package final class Histogram: Sendable {
    /// One observation that stands for its bucket.
    struct Exemplar: Equatable {
        /// The session's number.
        let session: UInt64
        let seconds: Double
    }

    private final class Bucket: Sendable {
        let count = Counter()
        /// A session and its seconds as bits, written together; no session is 0.
        private let last = Atomic<WordPair>(WordPair(first: 0, second: 0))

        func keep(_ exemplar: Exemplar) {
            last.store(
                WordPair(first: UInt(exemplar.session), second: UInt(exemplar.seconds.bitPattern)),
                ordering: .relaxed)
        }

        var exemplar: Exemplar? {
            let pair = last.load(ordering: .relaxed)
            guard pair.first != 0 else { return nil }
            return Exemplar(session: UInt64(pair.first), seconds: Double(bitPattern: UInt64(pair.second)))
        }
    }

    /// The upper bounds, in seconds, ascending; above the last there is one more bucket without a bound.
    let bounds: [Double]
    private let buckets: [Bucket]
    private let total = Counter.ofSeconds()

    /// - Parameter bounds: In seconds, ascending.
    package init(bounds: [Double]) {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "bounds ascend")
        self.bounds = bounds
        buckets = (0...bounds.count).map { _ in Bucket() }
    }

    /// Counts a span of time.
    /// - Parameter session: The number of the session that it happened to; 0 for none.
    package func observe(_ time: Duration, session: UInt64 = 0) {
        let seconds = time.inSeconds
        let bucket = buckets[bounds.firstIndex { seconds <= $0 } ?? bounds.count]
        bucket.count.add()
        if session != 0 { bucket.keep(Exemplar(session: session, seconds: seconds)) }
        total.add(time)
    }

    /// How many were at most as long as each bound, and how many there are in all, last.
    var cumulative: [UInt64] {
        var sum: UInt64 = 0
        return buckets.map { bucket in
            sum += bucket.count.steps
            return sum
        }
    }

    /// The last observation of each bucket that came from a session.
    var exemplars: [Exemplar?] { buckets.map(\.exemplar) }

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
