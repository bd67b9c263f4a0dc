package import FennecUpstream
package import GatewayCore
package import GatewayTelemetry
import GatewayWire
package import Logging
package import NIOCore
import NIOSSL

/// The gateway: listeners, sessions, admin surface. Made, started, drained.
package final class Gateway: Sendable {
    /// What it is made of besides its settings.
    package struct Parts: Sendable {
        package var group: any EventLoopGroup
        package var supply: TokenSupply
        package var metrics: GatewayMetrics
        package var sessionLog: SessionLog
        /// `nil` when no ledger is kept.
        package var ledger: UsageLedger?
        /// The log's level, which the admin surface may change; `nil` when it is fixed.
        package var threshold: LogThreshold?
        /// What must outlive the gateway is kept there; `nil` keeps it in memory alone.
        package var stateDirectory: StateDirectory?
        package var logger: Logger

        package init(
            group: any EventLoopGroup, supply: TokenSupply, metrics: GatewayMetrics, sessionLog: SessionLog,
            ledger: UsageLedger? = nil, threshold: LogThreshold? = nil, stateDirectory: StateDirectory? = nil,
            logger: Logger
        ) {
            self.group = group
            self.supply = supply
            self.metrics = metrics
            self.sessionLog = sessionLog
            self.ledger = ledger
            self.threshold = threshold
            self.stateDirectory = stateDirectory
            self.logger = logger
        }
    }

    /// Where clients connect, in the order of the configuration.
    package let addresses: [SocketAddress]
    /// Where operators connect.
    package let adminAddress: SocketAddress?
    let listeners: [(name: String, server: HTTPServer)]
    private let admin: HTTPServer?
    private let ledger: LedgerWriter?
    private let keeper: AdmissionKeeper
    private let monitor: LoopMonitor
    let metrics: GatewayMetrics
    let registry: SessionRegistry
    let desk: AdmissionDesk
    let faults: ConnectionFaults
    let store: SettingsStore
    /// What it was started with.
    let started: GatewaySettings
    private let logger: Logger

    private init(
        listeners: [(name: String, server: HTTPServer)], admin: HTTPServer?, ledger: LedgerWriter?,
        keeper: AdmissionKeeper, monitor: LoopMonitor, registry: SessionRegistry, desk: AdmissionDesk,
        faults: ConnectionFaults, store: SettingsStore, parts: Parts
    ) {
        self.listeners = listeners
        self.admin = admin
        self.ledger = ledger
        self.keeper = keeper
        self.monitor = monitor
        metrics = parts.metrics
        self.registry = registry
        self.desk = desk
        self.faults = faults
        self.store = store
        logger = parts.logger
        started = store.current.settings
        addresses = listeners.map(\.server.localAddress)
        adminAddress = admin?.localAddress
    }

    /// Binds every listener and begins to serve.
    /// - Throws: `StartFailure` for a certificate or address that cannot be used.
    package static func start(_ settings: GatewaySettings, parts: Parts) async throws -> Gateway {
        let registry = SessionRegistry(most: settings.sessions.max)
        let services = try SessionServices(settings: settings, parts: parts)
        let store = SettingsStore(settings)
        let faults = ConnectionFaults(
            metrics: parts.metrics, addresses: services.addresses, logger: parts.logger)
        let desk = try AdmissionDesk(settings: settings, directory: parts.stateDirectory, logger: parts.logger)
        parts.ledger?.recover(desk.store.interrupted.map { UsageRecord($0.session, id: $0.id) })
        let ledger = parts.ledger.map { LedgerWriter(ledger: $0, registry: registry) }
        await ledger?.start()
        let keeper = AdmissionKeeper(desk: desk, registry: registry, logger: parts.logger)
        let monitor = LoopMonitor(group: parts.group, lag: parts.metrics.loopLagSeconds)
        parts.metrics.sessionsLimit.set(settings.sessions.max)
        var listeners: [(name: String, server: HTTPServer)] = []
        do {
            for listener in settings.listeners {
                let routes = PublicRoutes(
                    listener: listener.name, store: store, desk: desk, registry: registry, services: services)
                let server = try await HTTPServer.bind(
                    listener, sessions: settings.sessions, faults: faults, group: parts.group, routes: routes)
                listeners.append((listener.name, server))
                announce(listener.name, server, parts.logger)
            }
            var admin: HTTPServer?
            if let address = settings.admin?.address {
                admin = try await HTTPServer.bind(
                    address, name: "admin", group: parts.group,
                    routes: AdminRoutes(parts: parts, registry: registry, monitor: monitor))
                admin.map { announce("admin", $0, parts.logger) }
            }
            parts.supply.start()
            return Gateway(
                listeners: listeners, admin: admin, ledger: ledger, keeper: keeper, monitor: monitor,
                registry: registry, desk: desk, faults: faults, store: store, parts: parts)
        } catch {
            for listener in listeners { await listener.server.shutdown() }
            await keeper.stop()
            await ledger?.stop()
            monitor.stop()
            throw error
        }
    }

    private static func announce(_ name: String, _ server: HTTPServer, _ logger: Logger) {
        logger.notice(
            "listening", metadata: ["listener": "\(name)", "address": "\(server.localAddress.text)"])
    }

    /// Stops accepting, ends every session after its last finals, and returns when all are over or the drain limit
    /// has passed.
    package func drain() async {
        for listener in listeners { await listener.server.stopAccepting() }
        let count = registry.count
        if count > 0 { logger.notice("draining", metadata: ["sessions": .stringConvertible(count)]) }
        registry.drain(because: .restart)
        let sessions = store.current.settings.sessions
        if await isEmpty(within: sessions.drainTimeout + .seconds(1)) { return await finish() }
        registry.kill(because: .restart)
        _ = await isEmpty(within: sessions.closeTimeout + .seconds(1))
        await finish()
    }

    private func finish() async {
        await ledger?.stop()
        await keeper.stop()
        desk.store.close()
        for listener in listeners { await listener.server.shutdown() }
        await admin?.shutdown()
        monitor.stop()
    }

    private func isEmpty(within limit: Duration) async -> Bool {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while registry.count > 0 {
            guard clock.now < deadline else { return false }
            // A cancelled task sleeps no more: then the limit has passed as well.
            guard (try? await clock.sleep(for: .milliseconds(20))) != nil else { return false }
        }
        return true
    }
}
