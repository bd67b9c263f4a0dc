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
    func open() throws -> LedgerReader {
        let path = try path()
        do {
            try StateOwner.become(ownerOfDirectoryOf: path)
            return try LedgerReader(path: path)
        } catch {
            Console.error("\(error)\n")
            throw ExitCode.failure
        }
    }

    private func path() throws -> String {
        if let ledger { return ledger }
        do throws(ConfigFailure) {
            if let path = try ConfigLoader.load(path: config ?? "").settings.usage.ledger { return path }
            Console.error("\(config ?? ""): no ledger is kept: usage.ledger names its file\n")
        } catch {
            Console.error(error.description)
        }
        throw ExitCode(ExitStatus.configuration)
    }
}
