/// Counters for combinations of label values that are known beforehand, and one for all others, so that no caller can
/// make the number of series grow.
package struct CounterSet: Sendable {
    private let counters: [[String]: Counter]
    private let other: Counter
    /// In the order of their registration, the other one last.
    let all: [(values: [String], counter: Counter)]

    init(values: [[String]], other: [String]) {
        let known = values.filter { $0 != other }.map { (values: $0, counter: Counter()) }
        self.other = Counter()
        counters = Dictionary(known.map { ($0.values, $0.counter) }, uniquingKeysWith: { first, _ in first })
        all = known + [(other, self.other)]
    }

    package subscript(values: String...) -> Counter { counters[values] ?? other }
}
