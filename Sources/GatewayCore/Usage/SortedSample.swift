/// A sample of whole numbers of which the median and the largest are known at any time. Exact for up to `most` of
/// them; beyond that every second one is forgotten in sorted order, which keeps the distribution, and from then on
/// only every second, fourth ... new one is taken up.
package struct SortedSample: Sendable, Equatable {
    /// The most numbers that are kept.
    package static let most = 256

    private var sorted: [Int] = []
    private var stride = 1
    private var sinceTaken = 0
    /// How many there were.
    package private(set) var count = 0
    /// The largest of all; `nil` when there were none.
    package private(set) var largest: Int?

    package init() {}

    package mutating func add(_ value: Int) {
        count += 1
        largest = max(largest ?? value, value)
        sinceTaken += 1
        guard sinceTaken >= stride else { return }
        sinceTaken = 0
        if sorted.count >= Self.most {
            sorted = Swift.stride(from: 0, to: sorted.count, by: 2).map { sorted[$0] }
            stride *= 2
        }
        sorted.insert(value, at: place(of: value))
    }

    /// The middle one, of an even number the lower of the two; `nil` when there were none.
    package var median: Int? { sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2] }

    private func place(of value: Int) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
