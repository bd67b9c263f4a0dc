/// Figures of one kind, and their percentiles.
package struct Distribution: Sendable {
    private let sorted: [Double]

    package init(_ values: some Sequence<Double>) {
        sorted = values.sorted()
    }

    package var count: Int { sorted.count }

    /// The smallest figure that at least this share of all figures does not exceed (the nearest-rank method); 0 when
    /// there is none.
    package func percentile(_ percent: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let rank = Int((percent / 100 * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }

    /// The middle one; the lower of two.
    package var median: Double { percentile(50) }
    package var minimum: Double { sorted.first ?? 0 }
    package var maximum: Double { sorted.last ?? 0 }
}
