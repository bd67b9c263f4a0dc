import ArgumentParser
import GatewayConfig
import GatewayCore
import GatewayTelemetry
import Glibc

/// `usage report`: sums.
struct UsageReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Adds up sessions, audio and words by client, policy, origin or day.",
        discussion: """
            What each client used in the last week, with what it cost:
              fennec-gateway usage report --config /etc/fennec-gateway/fennec-gateway.yaml --by client --since 7d \
            --price-per-minute 0.0043

            Sessions that are open count with what they used so far. From the beginning of a day (--since 2026-01-31, \
            or none) reports reach as far back as the sums of days; from any other moment as far as the records.

            Exit codes: 0 for success, 1 for failure, 64 for wrong usage, 78 for a wrong configuration.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, csv, json
    }

    @OptionGroup var ledger: LedgerOptions

    @Option(help: "What the rows stand for: client, policy, origin or day.")
    var by: UsageReport.Grouping = .day

    @Option(help: "The beginning: 36h or 7d ago, a day such as 2026-01-31, or 2026-01-31T09:30:00Z.")
    var since: String?

    @Option(help: "table, csv or json.")
    var format: Format = .table

    @Option(
        help:
            "The price of a minute of audio that was sent on, for a column of costs; by default that of the configuration."
    )
    var pricePerMinute: Double?

    func validate() throws {
        if let since, moment(since) == nil {
            throw ValidationError("--since: expected 36h, 7d, 2026-01-31 or 2026-01-31T09:30:00Z")
        }
        if let pricePerMinute, !(pricePerMinute.isFinite && pricePerMinute >= 0) {
            throw ValidationError("--price-per-minute: expected a price of 0 or more")
        }
    }

    func run() throws {
        let (reader, configuredPrice) = try ledger.openPriced()
        let price = pricePerMinute ?? configuredPrice
        do throws(SQLiteError) {
            let report = try reader.report(by: by, since: since.flatMap(moment))
            switch format {
            case .table: Console.out(ReportTable(report, price: price).text)
            case .csv: Console.out(ReportTable(report, price: price).commaSeparated)
            case .json: Console.out(report.json(price: price).text + "\n")
            }
        } catch {
            Console.error("\(error)\n")
            throw ExitCode.failure
        }
    }

    private func moment(_ text: String) -> Int64? {
        UsageSince.parse(text, now: Int64(time(nil)) * 1000, duration: DurationText.parse)
    }
}

extension UsageReport.Grouping: ExpressibleByArgument {}
