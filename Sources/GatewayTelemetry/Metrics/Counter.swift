import Synchronization

/// A number that only grows. Adding takes no lock.
package final class Counter: Sendable {
    private let total = Atomic<UInt64>(0)
    /// What one step stands for in the exposition.
    let unit: Double

    /// - Parameter unit: What one step is worth when shown: 1 of whatever is counted, or a part of a second.
    package init(unit: Double = 1) {
        self.unit = unit
    }

    /// Counts `steps` more; a negative number counts as 0.
    package func add(_ steps: Int = 1) {
        total.wrappingAdd(UInt64(max(0, steps)), ordering: .relaxed)
    }

    /// The steps so far.
    package var steps: UInt64 { total.load(ordering: .relaxed) }
}

extension Counter {
    /// A counter of time, in steps of a microsecond, shown in seconds.
    package static func ofSeconds() -> Counter { Counter(unit: 1e-6) }

    /// Counts a span of time on a counter of seconds.
    package func add(_ time: Duration) {
        add(Int((time.inSeconds / unit).rounded()))
    }
}
