import Synchronization

/// A number that goes up and down. Changing it takes no lock.
package final class Gauge: Sendable {
    private let current = Atomic<Int>(0)

    package init() {}

    package func set(_ value: Int) { current.store(value, ordering: .relaxed) }

    /// Adds, or takes away with a negative number.
    package func add(_ change: Int) { current.wrappingAdd(change, ordering: .relaxed) }

    package var value: Int { current.load(ordering: .relaxed) }
}
