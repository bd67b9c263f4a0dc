import Synchronization

/// The metrics of one gateway. All series are registered before they are used and begin at 0; the exposition shows
/// them in the order of their registration.
package final class MetricsRegistry: Sendable {
    /// The most series of one name, an "other" included.
    package static let mostSeries = 200

    private let families = Mutex<[MetricFamily]>([])

    package init() {}

    /// Registers a counter; its name ends in `_total`.
    package func counter(_ name: String, _ help: String, labels: [(name: String, value: String)] = []) -> Counter {
        register(Counter(), name, help, labels)
    }

    /// Registers a counter of time, shown in seconds; its name ends in `_seconds_total`.
    package func secondsCounter(_ name: String, _ help: String) -> Counter {
        register(Counter.ofSeconds(), name, help, [])
    }

    /// Registers a gauge.
    package func gauge(_ name: String, _ help: String, labels: [(name: String, value: String)] = []) -> Gauge {
        let gauge = Gauge()
        add(name, help, [(MetricLabels(labels), .gauge(gauge))])
        return gauge
    }

    /// Registers a histogram of spans of time; its name ends in `_seconds`.
    package func histogram(_ name: String, _ help: String, bounds: [Double]) -> Histogram {
        let histogram = Histogram(bounds: bounds)
        add(name, help, [(.none, .histogram(histogram))])
        return histogram
    }

    /// Registers one counter for each combination of label values, and one for all that are not among them. Of more
    /// than `mostSeries` the excess counts as `other`.
    package func counters(
        _ name: String, _ help: String, labels: [String], values: [[String]], other: [String]
    ) -> CounterSet {
        let set = CounterSet(values: Array(values.prefix(Self.mostSeries - 1)), other: other)
        add(
            name, help,
            set.all.map { values, counter in
                precondition(values.count == labels.count, "\(name): a value for each label")
                return (MetricLabels(zip(labels, values).map { ($0, $1) }), .counter(counter))
            })
        return set
    }

    /// Registers a number that is read at each scrape.
    func reading(_ name: String, _ help: String, _ kind: MetricFamily.Kind, _ value: @escaping @Sendable () -> Double) {
        add(name, help, [(.none, .reading(kind, value))])
    }

    /// Registers numbers that are read at each scrape, one for each value of a label; at most `mostSeries` are shown.
    func readings(
        _ name: String, _ help: String, _ kind: MetricFamily.Kind, label: String,
        _ values: @escaping @Sendable () -> [(label: String, value: Double)]
    ) {
        precondition(MetricLabels.isMetricName(name), "not a metric name: \(name)")
        let family = MetricFamily(name: name, help: help, kind: kind, series: []) {
            values().prefix(Self.mostSeries).map { (MetricLabels([(label, $0.label)]), $0.value) }
        }
        families.withLock { $0.append(family) }
    }

    /// Everything in this form.
    package func render(_ format: ExpositionFormat = .text) -> String {
        let families = families.withLock { $0 }
        var text = ""
        for family in families { family.write(format, to: &text) }
        if format == .openMetrics { text += "# EOF\n" }
        return text
    }

    private func register(
        _ counter: Counter, _ name: String, _ help: String, _ labels: [(name: String, value: String)]
    ) -> Counter {
        add(name, help, [(MetricLabels(labels), .counter(counter))])
        return counter
    }

    func add(_ name: String, _ help: String, _ series: [(labels: MetricLabels, source: MetricFamily.Source)]) {
        precondition(MetricLabels.isMetricName(name), "not a metric name: \(name)")
        guard let kind = series.first?.source.kind else { return }
        families.withLock { families in
            precondition(!families.contains { $0.name == name }, "registered twice: \(name)")
            families.append(MetricFamily(name: name, help: help, kind: kind, series: series))
        }
    }
}
