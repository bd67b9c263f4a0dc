import GatewayTesting

/// Times to `ready`, as a table.
struct ReadyReport {
    /// In ms.
    let latency: Int
    let direct: Distribution
    let cold: Distribution
    let warm: Distribution

    var text: String {
        [
            "time from the client's first TCP connection to ready, \(latency) ms added to every token and handshake; "
                + "\(direct.count) sessions each",
            "                                  median      p99    ratio of medians   ratio of p99",
            row("direct", direct), row("through the gateway, cold pool", cold),
            row("through the gateway, warm pool", warm),
        ].joined(separator: "\n")
    }

    private func row(_ name: String, _ times: Distribution) -> String {
        let (median, p99) = (times.median, times.percentile(99))
        return pad(name, 31, left: true) + pad(figure(median, 1) + " ms", 10) + pad(figure(p99, 1) + " ms", 10)
            + pad(figure(median / direct.median, 2), 16) + pad(figure(p99 / direct.percentile(99), 2), 17)
    }

    private func figure(_ value: Double, _ digits: Int) -> String {
        let scale = digits == 1 ? 10 : 100
        let scaled = Int((value * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        return "\(scaled / scale).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
    }

    private func pad(_ text: String, _ width: Int, left: Bool = false) -> String {
        let space = String(repeating: " ", count: max(width - text.count, 0))
        return left ? text + space : space + text
    }
}
