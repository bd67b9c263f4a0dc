import GatewayTesting

/// The rounds of a load, as a table.
struct LoadReport {
    let shape: LoadShape
    let direct: [LoadResult]
    let through: [LoadResult]
    /// Through a gateway that keeps accounts; empty when there was none.
    let accounted: [LoadResult]

    var text: String {
        let pace =
            switch shape.pace {
            case .realtime(let speed): speed == 1 ? "in real time" : "at \(speed) times real time"
            case .unpaced: "as fast as back-pressure allows"
            }
        let added = zip(direct, through).map { ($1.p50 - $0.p50, $1.p99 - $0.p99, $1.p999 - $0.p999) }
        return [
            "\(shape.streams) streams of \(shape.messageMilliseconds) ms messages \(pace), \(direct.count) rounds of "
                + "\(shape.seconds) s; median (minimum to maximum)",
            row("messages/s, direct", direct.map(\.messagesPerSecond)),
            row("messages/s, through the gateway", through.map(\.messagesPerSecond)),
            row("gateway CPU per message, µs", through.compactMap(\.cpuPerMessage)),
            accounted.isEmpty ? nil : row("  with ledger and lines of JSON", accounted.compactMap(\.cpuPerMessage)),
            row("latency direct, p50, µs", direct.map(\.p50)), row("  p99", direct.map(\.p99)),
            row("  p99.9", direct.map(\.p999)), row("latency through, p50, µs", through.map(\.p50)),
            row("  p99", through.map(\.p99)), row("  p99.9", through.map(\.p999)),
            row("added latency, p50, µs", added.map(\.0)), row("  p99", added.map(\.1)), row("  p99.9", added.map(\.2)),
            // Later rounds find what the first one left.
            row("gateway memory per session, ready, KiB", through.prefix(1).compactMap(\.kibibytesWhenReady)),
            row("  under load", through.prefix(1).compactMap(\.kibibytesUnderLoad)),
            "every byte that was sent arrived",
        ].compactMap(\.self).joined(separator: "\n")
    }

    private func row(_ name: String, _ values: [Double]) -> String {
        let figures = Distribution(values)
        let padding = String(repeating: " ", count: max(1, 46 - name.count))
        return "\(name)\(padding)\(round(figures.median)) (\(round(figures.minimum)) to \(round(figures.maximum)))"
    }

    private func round(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
