extension MetricsRegistry {
    /// Labels that are the cases of an enumeration.
    package typealias CaseLabel = CaseIterable & RawRepresentable<String> & Hashable & Sendable

    /// Registers one counter for each case.
    package func counters<Label: CaseLabel>(
        _ name: String, _ help: String, label: String, of: Label.Type = Label.self
    ) -> CaseCounters<Label> {
        cases(name, help, label, Counter.init(unit: 1)) { .counter($0) }
    }

    /// Registers one counter of time for each case, shown in seconds; its name ends in `_seconds_total`.
    package func secondsCounters<Label: CaseLabel>(
        _ name: String, _ help: String, label: String, of: Label.Type = Label.self
    ) -> CaseCounters<Label> {
        cases(name, help, label, Counter.ofSeconds()) { .counter($0) }
    }

    /// Registers one gauge for each case.
    package func gauges<Label: CaseLabel>(
        _ name: String, _ help: String, label: String, of: Label.Type = Label.self
    ) -> CaseGauges<Label> {
        cases(name, help, label, Gauge()) { .gauge($0) }
    }

    /// Registers one histogram of spans of time for each case; its name ends in `_seconds`.
    package func histograms<Label: CaseLabel>(
        _ name: String, _ help: String, label: String, bounds: [Double], of: Label.Type = Label.self
    ) -> CaseHistograms<Label> {
        cases(name, help, label, Histogram(bounds: bounds)) { .histogram($0) }
    }

    private func cases<Label: CaseLabel, Series: Sendable>(
        _ name: String, _ help: String, _ label: String, _ make: @autoclosure () -> Series,
        _ source: (Series) -> MetricFamily.Source
    ) -> CaseSeries<Label, Series> {
        let series = CaseSeries<Label, Series>(make)
        add(name, help, Label.allCases.map { (MetricLabels([(label, $0.rawValue)]), source(series[$0])) })
        return series
    }
}
