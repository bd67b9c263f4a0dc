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
        /// The sockets that stand in for the addresses of listeners.
        package var sockets: SocketAssignment
        /// What the admin surface asks for; `nil` when it asks for nothing.
        package var adminToken: AdminToken?
        package var logger: Logger

        package init(
            group: any EventLoopGroup, supply: TokenSupply, metrics: GatewayMetrics, sessionLog: SessionLog,
            ledger: UsageLedger? = nil, threshold: LogThreshold? = nil, stateDirectory: StateDirectory? = nil,
            sockets: SocketAssignment = SocketAssignment(), adminToken: AdminToken? = nil, logger: Logger
        ) {
            self.group = group
            self.supply = supply
            self.metrics = metrics
            self.sessionLog = sessionLog
            self.ledger = ledger
            self.threshold = threshold
            self.stateDirectory = stateDirectory
            self.sockets = sockets
            self.adminToken = adminToken
            self.logger = logger
        }
    }

    let listeners: ListenerSet
    let admin: HTTPServer?
    let ledger: LedgerWriter?
    let keeper: AdmissionKeeper
    let monitor: LoopMonitor
    let health: Health
    private let group: any EventLoopGroup
    private let supply: TokenSupply
    let metrics: GatewayMetrics
    let registry: SessionRegistry
    let desk: AdmissionDesk
    let store: SettingsStore
    /// What it was started with.
    let started: GatewaySettings
    /// The path of the admin surface's unix socket, where that is the gateway's own and not inherited.
    let ownSocket: String?
    let logger: Logger

    private init(
        listeners: ListenerSet, admin: HTTPServer?, ledger: LedgerWriter?, keeper: AdmissionKeeper,
        monitor: LoopMonitor, health: Health, registry: SessionRegistry, desk: AdmissionDesk, store: SettingsStore,
        parts: Parts
    ) {
        self.listeners = listeners
        self.admin = admin
        self.ledger = ledger
        self.keeper = keeper
        self.monitor = monitor
        self.health = health
        group = parts.group
        supply = parts.supply
        metrics = parts.metrics
        self.registry = registry
        self.desk = desk
        self.store = store
        logger = parts.logger
        started = store.current.settings
        ownSocket = AdminSocket.path(of: started, parts.sockets)
    }

    /// Binds every listener and begins to serve.
    /// - Throws: `StartFailure` for a certificate or address that cannot be used.
    package static func start(_ settings: GatewaySettings, parts: Parts) async throws -> Gateway {
        let registry = SessionRegistry(most: settings.sessions.max)
        let services = try SessionServices(settings: settings, parts: parts)
        let store = SettingsStore(settings)
        let desk = try AdmissionDesk(settings: settings, directory: parts.stateDirectory, logger: parts.logger)
        try desk.issuers.prepare(settings.issuers)()
        parts.ledger?.recover(desk.store.interrupted.map { UsageRecord($0.session, id: $0.id) })
        let ledger = parts.ledger.map { LedgerWriter(ledger: $0, registry: registry) }
        await ledger?.start()
        let keeper = AdmissionKeeper(desk: desk, registry: registry, logger: parts.logger)
        let monitor = LoopMonitor(group: parts.group, lag: parts.metrics.loopLagSeconds)
        let health = Health(registry: registry, monitor: monitor, ledger: parts.ledger, supply: parts.supply)
        parts.metrics.sessionsLimit.set(settings.sessions.max)
        let faults = ConnectionFaults(
            metrics: parts.metrics, addresses: services.addresses, logger: parts.logger)
        let listeners = ListenerSet(faults: faults, metrics: parts.metrics, logger: parts.logger)
        do {
            for listener in settings.listeners {
                let routes = PublicRoutes(
                    listener: listener.name, store: store, desk: desk, registry: registry, services: services)
                try await listeners.bind(
                    listener, sockets: parts.sockets.descriptors[listener.name], sessions: settings.sessions,
                    group: parts.group, routes: routes)
            }
            var admin: HTTPServer?
            if let settings = settings.admin {
                let name = SocketAssignment.admin
                let sockets = parts.sockets.descriptors[name]
                let routes = AdminRoutes(parts: parts, registry: registry, health: health)
                admin = try await AdminSocket.make(settings, isInherited: sockets != nil) {
                    try await HTTPServer.bind(
                        settings.address, sockets: sockets, name: name, group: parts.group, routes: routes)
                }
                admin?.announce(name, parts.logger)
            }
            listeners.startWatching()
            parts.supply.start()
            return Gateway(
                listeners: listeners, admin: admin, ledger: ledger, keeper: keeper, monitor: monitor,
                health: health, registry: registry, desk: desk, store: store, parts: parts)
        } catch {
            await listeners.shutdown()
            await keeper.stop()
            await ledger?.stop()
            monitor.stop()
            throw error
        }
    }

    /// Returns once every event loop and the thread that mints tokens have answered; while one is held up, not at all.
    package func hearFromThreads() async {
        let heard = group.makeIterator().map { $0.submit {} }
        // A loop that is gone has no say any more.
        for answer in heard { try? await answer.get() }
        await supply.hearFromMinter()
    }

    /// How it fares, in one line for the service manager.
    package var status: String {
        let problems = health.readiness.checks.compactMap(\.problem)
        let sessions = "\(registry.count) of \(registry.most) sessions"
        return problems.isEmpty
            ? "Relaying \(sessions)" : "Relaying \(sessions); not ready: \(problems.joined(separator: "; "))"
    }
}
