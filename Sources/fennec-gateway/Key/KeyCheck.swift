import ArgumentParser
import FennecUpstream
import GatewayConfig
import GatewayCore
import Glibc

/// `key check`: whether each key of a configuration mints a token.
struct KeyCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Asks the service for one token with each API key, and says how that went.",
        discussion: """
            One line for each key of the configuration. The key is read as the gateway does, and never shown; the token \
            is thrown away. A credential is looked for in $CREDENTIALS_DIRECTORY or, outside of a service, where \
            systemd finds it: /etc/credstore, /run/credstore, /usr/lib/credstore.
              sudo fennec-gateway key check --config /etc/fennec-gateway/fennec-gateway.yaml

            Exit codes: 0 when every key mints, 1 when one does not, 64 for wrong usage, 78 for a wrong configuration or \
            a key that cannot be read.
            """)

    /// Where systemd looks for `LoadCredential=` without a path (systemd.exec(5)).
    private static let stores = ["/etc/credstore", "/run/credstore", "/usr/lib/credstore"]

    @Option(name: .shortAndLong, help: "The configuration file, in YAML.")
    var config: String

    func run() async throws {
        let settings = try load()
        let upstream = settings.upstream
        var status = ExitCode.success
        do {
            try ProcessHardening.apply()
            try SecureHeap.initialise()
            let minter = try TokenMinter(
                settings: MinterSettings(
                    tokenURL: upstream.tokenURL, caFile: upstream.caFile, proxy: upstream.proxy,
                    connectTimeout: settings.sessions.connectTimeout))
            defer { minter.shutDown() }
            for source in upstream.apiKeys.sources {
                let key = try KeyFile.read(source, credentialsDirectory: Self.directory(of: source))
                let outcome = await minter.mint(with: key, timeout: settings.sessions.connectTimeout)
                Console.out("\(source): \(Self.words(outcome))\n")
                if case .failed = outcome { status = .failure }
            }
        } catch {
            Console.error("\(error)\n")
            throw ExitCode(ExitStatus.configuration)
        }
        throw status
    }

    private func load() throws -> GatewaySettings {
        do throws(ConfigFailure) {
            return try ConfigLoader.load(path: config).settings
        } catch {
            Console.error(error.description)
            throw ExitCode(ExitStatus.configuration)
        }
    }

    private static func directory(of source: KeySource) -> String? {
        if let given = getenv("CREDENTIALS_DIRECTORY") { return String(cString: given) }
        guard case .credential(let name) = source else { return nil }
        return stores.first { access("\($0)/\(name)", F_OK) == 0 } ?? stores[0]
    }

    private static func words(_ outcome: MintOutcome) -> String {
        switch outcome {
        case .token(_, let milliseconds): "works, a token came within \(Int(milliseconds.rounded(.up))) ms"
        case .failed(let failure): "does not work, \(failure)"
        }
    }
}
