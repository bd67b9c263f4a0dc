import ArgumentParser
import FennecUpstream
import GatewayConfig
import GatewayCore
import GatewayServer
import GatewayTelemetry
import Glibc
import Logging
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// `serve`: the gateway itself.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the gateway: listens, relays audio and transcripts, accounts for every session.",
        discussion: """
            Reads the configuration and the API key, listens, and relays until SIGTERM or SIGINT; then every session gets \
            its last transcripts before the program exits.

            On SIGHUP it reads both again. New sessions use what has changed, live ones keep what they began with; a file \
            with mistakes changes nothing. What needs a restart is named in the log.

            Under systemd it tells when it is ready, how it fares and that it is alive, and serves at the sockets that \
            it is given: each by the name of its listener, or admin.

            Without the service, beside `fennec-gateway simulate`:
              fennec-gateway serve --config config/demo.yaml

            Exit codes: 0 after an orderly end, 1 for failure, 64 for wrong usage, 78 for a wrong configuration or key, for \
            sockets that are nobody's, and where too few files may be opened.
            """)

    @Option(name: .shortAndLong, help: "The configuration file, in YAML.")
    var config: String

    func run() async throws {
        // Before anything else, so that a reload that comes too early is done late.
        let hangUps = await UnixSignalsSequence(trapping: .sighup)
        let config = try load()
        let settings = config.settings
        let threshold = LogThreshold(settings.log.level)
        let writer = LogWriter(style: LogBootstrap.style(for: settings.log))
        let limit = LogLimit(writer: writer)
        let logger = LogBootstrap.logger(
            label: "fennec-gateway", writer: writer, threshold: threshold, limit: limit)
        // A file with many mistakes of one kind has all of them told.
        let complete = LogBootstrap.logger(label: "fennec-gateway", writer: writer, threshold: threshold)
        for warning in config.warnings { complete.log(warning, in: self.config, level: .warning) }
        let sockets = try takeSockets(settings)
        let directory = try takeStateDirectory(settings)
        let metrics = GatewayMetrics(
            version: GatewayVersion.current, rules: settings.access.map(\.name), mintOutcomes: MintOutcome.labels,
            startedAt: time(nil))
        let supply = try makeSupply(settings, observer: UpstreamWatch(metrics: metrics, logger: logger))
        let usage = settings.usage
        let parts = Gateway.Parts(
            group: MultiThreadedEventLoopGroup.singleton, supply: supply, metrics: metrics,
            sessionLog: SessionLog(writer: writer),
            ledger: usage.isKept ? UsageLedger(settings: usage, metrics: metrics.ledger, logger: logger) : nil,
            threshold: threshold, stateDirectory: directory, sockets: sockets, adminToken: try readAdminToken(settings),
            logger: logger)
        let reloader = ConfigReloader(
            path: self.config, threshold: threshold, supply: supply, metrics: metrics, logger: complete)
        let service = GatewayService(settings: settings, parts: parts, hangUps: hangUps, reloader: reloader)
        let services = ServiceGroup(
            services: [HeldBackLines(limit: limit), service], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger)
        do {
            try await services.run()
        } catch let failure as StartFailure {
            Console.error(failure.description)
            throw ExitCode.failure
        }
        supply.shutDown()
    }

    private func readAdminToken(_ settings: GatewaySettings) throws -> AdminToken? {
        do {
            let directory = getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) }
            return try settings.admin?.token.map { try AdminToken.read($0, credentialsDirectory: directory) }
        } catch {
            Console.error("\(error)")
            throw ExitCode(ExitStatus.configuration)
        }
    }

    private func load() throws -> LoadedConfig {
        do throws(ConfigFailure) {
            return try ConfigLoader.load(path: config)
        } catch {
            Console.error(error.description)
            throw ExitCode(ExitStatus.configuration)
        }
    }

    /// What systemd passed on, and enough files for the sessions.
    private func takeSockets(_ settings: GatewaySettings) throws -> SocketAssignment {
        do {
            try OpenFileLimit.provide(for: settings.sessions)
            return try SocketAssignment(ServiceManager.inheritedSockets(), settings: settings)
        } catch {
            Console.error("\(error)")
            throw ExitCode(ExitStatus.configuration)
        }
    }

    /// `nil` when neither the configuration nor the service manager names one.
    private func takeStateDirectory(_ settings: GatewaySettings) throws -> StateDirectory? {
        do {
            return try (settings.stateDirectory ?? StateOptions.fromEnvironment).map(StateDirectory.init(path:))
        } catch {
            Console.error("\(error)")
            throw ExitCode.failure
        }
    }

    /// The keys go from their files to the secure heap before anything listens.
    private func makeSupply(_ settings: GatewaySettings, observer: UpstreamWatch) throws -> TokenSupply {
        let upstream = settings.upstream
        do {
            try ProcessHardening.apply()
            try SecureHeap.initialise()
            let keys = try APIKeys.read(upstream.apiKeys)
            let minter = try TokenMinter(
                settings: MinterSettings(
                    tokenURL: upstream.tokenURL, caFile: upstream.caFile, proxy: upstream.proxy,
                    connectTimeout: settings.sessions.connectTimeout))
            return TokenSupply(
                settings: upstream.tokenPool, keys: keys, minter: minter,
                mintTimeout: settings.sessions.connectTimeout, loop: MultiThreadedEventLoopGroup.singleton.next(),
                observer: observer)
        } catch {
            Console.error("\(error)")
            throw ExitCode(ExitStatus.configuration)
        }
    }
}
