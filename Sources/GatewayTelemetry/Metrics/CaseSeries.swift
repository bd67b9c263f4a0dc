/// One counter, gauge or histogram for each case of an enumeration.
package struct CaseSeries<Label: CaseIterable & Hashable & Sendable, Series: Sendable>: Sendable {
    private let series: [Label: Series]
    private let none: Series

    init(_ make: () -> Series) {
        series = Dictionary(uniqueKeysWithValues: Label.allCases.map { ($0, make()) })
        none = make()
    }

    package subscript(label: Label) -> Series { series[label] ?? none }
}

package typealias CaseCounters<Label: CaseIterable & Hashable & Sendable> = CaseSeries<Label, Counter>
package typealias CaseGauges<Label: CaseIterable & Hashable & Sendable> = CaseSeries<Label, Gauge>
package typealias CaseHistograms<Label: CaseIterable & Hashable & Sendable> = CaseSeries<Label, Histogram>
