/// All series of one name.
struct MetricFamily: Sendable {
    enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// A series' source of numbers.
    enum Source: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)
        /// Read at each scrape.
        case reading(Kind, @Sendable () -> Double)

        var kind: Kind {
            switch self {
            case .counter: .counter
            case .gauge: .gauge
            case .histogram: .histogram
            case .reading(let kind, _): kind
            }
        }
    }

    let name: String
    let help: String
    let kind: Kind
    let series: [(labels: MetricLabels, source: Source)]
    /// Series that come and go, with their numbers.
    var passing: (@Sendable () -> [(labels: MetricLabels, value: Double)])?

    /// Adds the family. OpenMetrics names counters without their `_total` where it describes them.
    func write(_ format: ExpositionFormat, to text: inout String) {
        let isBare = format == .openMetrics && kind == .counter && name.hasSuffix("_total")
        let described = isBare ? String(name.dropLast("_total".utf8.count)) : name
        text += "# HELP \(described) \(Self.escaped(help, format))\n# TYPE \(described) \(kind.rawValue)\n"
        for (labels, source) in series {
            switch source {
            case .counter(let counter): line("", labels, counterText(counter), to: &text)
            case .gauge(let gauge): line("", labels, String(gauge.value), to: &text)
            case .histogram(let histogram): write(histogram, labels, format, to: &text)
            case .reading(_, let value): line("", labels, Self.number(value()), to: &text)
            }
        }
        for (labels, value) in passing?() ?? [] { line("", labels, Self.number(value), to: &text) }
    }

    private func counterText(_ counter: Counter) -> String {
        counter.unit == 1 ? String(counter.steps) : Self.number(Double(counter.steps) * counter.unit)
    }

    private func write(
        _ histogram: Histogram, _ labels: MetricLabels, _ format: ExpositionFormat, to text: inout String
    ) {
        let counts = histogram.cumulative
        // OpenMetrics wants bounds to be spelt as floating-point numbers, always the same.
        let bounds = histogram.bounds.map { format == .openMetrics ? "\($0)" : Self.number($0) }
        let exemplars = format == .openMetrics ? histogram.exemplars : counts.map { _ in nil }
        for ((bound, count), exemplar) in zip(zip(bounds + ["+Inf"], counts), exemplars) {
            let mark = exemplar.map(Self.text) ?? ""
            line("_bucket", labels, String(count) + mark, bound: bound, to: &text)
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

    /// As OpenMetrics appends it to a bucket; the session as logs and ledger write it.
    private static func text(_ exemplar: Histogram.Exemplar) -> String {
        " # {session=\"\(SessionNumber.text(exemplar.session))\"} \(number(exemplar.seconds))"
    }

    /// Whole numbers without a fraction, so that bounds read as they were written.
    private static func number(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }

    /// OpenMetrics escapes quotes as well.
    private static func escaped(_ help: String, _ format: ExpositionFormat) -> String {
        var text = ""
        for scalar in help.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\"" where format == .openMetrics: text += "\\\""
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
