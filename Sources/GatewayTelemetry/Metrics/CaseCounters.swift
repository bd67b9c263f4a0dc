/// One counter for each case of an enumeration.
package struct CaseCounters<Label: CaseIterable & Hashable & Sendable>: Sendable {
    private let counters: [Label: Counter]
    private let none = Counter()

    init() {
        counters = Dictionary(uniqueKeysWithValues: Label.allCases.map { ($0, Counter()) })
    }

    package subscript(label: Label) -> Counter { counters[label] ?? none }
}
