/// All series of one name.
struct MetricFamily: Sendable {
    /// A series' source of numbers.
    enum Source: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)

        var type: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    let name: String
    let help: String
    let type: String
    let series: [(labels: MetricLabels, source: Source)]

    /// Adds the family in the Prometheus text format 0.0.4.
    func write(to text: inout String) {
        text += "# HELP \(name) \(Self.escaped(help))\n# TYPE \(name) \(type)\n"
        for (labels, source) in series {
            switch source {
            case .counter(let counter): line("", labels, counterText(counter), to: &text)
            case .gauge(let gauge): line("", labels, String(gauge.value), to: &text)
            case .histogram(let histogram): write(histogram, labels, to: &text)
            }
        }
    }

    private func counterText(_ counter: Counter) -> String {
        counter.unit == 1 ? String(counter.steps) : Self.number(Double(counter.steps) * counter.unit)
    }

    private func write(_ histogram: Histogram, _ labels: MetricLabels, to text: inout String) {
        let counts = histogram.cumulative
        for (bound, count) in zip(histogram.bounds.map(Self.number) + ["+Inf"], counts) {
            line("_bucket", labels, String(count), bound: bound, to: &text)
        }
        line("_sum", labels, Self.number(histogram.sum), to: &text)
        line("_count", labels, String(counts.last ?? 0), to: &text)
    }

    private func line(
        _ suffix: String, _ labels: MetricLabels, _ value: String, bound: String? = nil, to text: inout String
    ) {
        let all = [labels.text, bound.map { "le=\"\($0)\"" } ?? ""].filter { !$0.isEmpty }.joined(separator: ",")
        text += "\(name)\(suffix)\(all.isEmpty ? "" : "{\(all)}") \(value)\n"
    }

    /// Whole numbers without a fraction, so that bounds read as they were written.
    private static func number(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func escaped(_ help: String) -> String {
        help.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
            .split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
    }
}
