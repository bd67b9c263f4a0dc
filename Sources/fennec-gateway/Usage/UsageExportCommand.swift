import ArgumentParser
import GatewayCore
import GatewayTelemetry

/// `usage export`: records.
struct UsageExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Prints the records of sessions that ended, a JSON object on each line.",
        discussion: """
            Every record has the gateway's `node` and a `sequence` that only grows; together they name it, so that \
            shipping the same record twice does no harm. Begin with 0, and go on from the last sequence that arrived:
              fennec-gateway usage export --config /etc/fennec-gateway/fennec-gateway.yaml --since 4711

            Exit codes: 0 for success, 1 for failure, 64 for wrong usage, 78 for a wrong configuration.
            """)

    @OptionGroup var ledger: LedgerOptions

    @Option(help: "The sequence of the last record that is there already.")
    var since = 0

    @Option(help: "The most records.")
    var limit = Int.max

    func validate() throws {
        guard since >= 0 else { throw ValidationError("--since: expected a sequence, 0 for all records") }
        guard limit > 0 else { throw ValidationError("--limit: expected 1 or more") }
    }

    func run() throws {
        let reader = try ledger.open()
        do {
            let last = try reader.identity().sequence
            guard since <= last else {
                Console.error("the ledger's last sequence is \(last): \(since) is another ledger's, begin with 0\n")
                throw ExitCode.failure
            }
            try reader.export(since: since, most: limit) { Console.out($0.text + "\n") }
        } catch let error as SQLiteError {
            Console.error("\(error)\n")
            throw ExitCode.failure
        }
    }
}
