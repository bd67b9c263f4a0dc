import ArgumentParser
import GatewayConfig
import GatewayCore
import GatewayTelemetry

/// Where the ledger is.
struct LedgerOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The configuration file, of which usage.ledger is taken.")
    var config: String?

    @Option(name: .shortAndLong, help: "The ledger itself, instead of a configuration.")
    var ledger: String?

    func validate() throws {
        guard (config == nil) != (ledger == nil) else {
            throw ValidationError("give either --config FILE or --ledger FILE")
        }
    }

    /// Opens the ledger, as its directory's owner.
    func open() throws -> LedgerReader { try openPriced().reader }

    /// Opens the ledger, as its directory's owner, with the price of a minute that the configuration names.
    func openPriced() throws -> (reader: LedgerReader, pricePerMinute: Double?) {
        let (path, price) = try place()
        do {
            try StateOwner.become(ownerOfDirectoryOf: path)
            return (try LedgerReader(path: path), price)
        } catch {
            Console.error("\(error)\n")
            throw ExitCode.failure
        }
    }

    private func place() throws -> (path: String, pricePerMinute: Double?) {
        if let ledger { return (ledger, nil) }
        do throws(ConfigFailure) {
            let usage = try ConfigLoader.load(path: config ?? "").settings.usage
            if let path = usage.ledger { return (path, usage.pricePerMinute) }
            Console.error("\(config ?? ""): no ledger is kept: usage.ledger names its file\n")
        } catch {
            Console.error(error.description)
        }
        throw ExitCode(ExitStatus.configuration)
    }
}
