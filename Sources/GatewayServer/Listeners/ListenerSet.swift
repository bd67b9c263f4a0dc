import GatewayCore
import GatewayTelemetry
import GatewayWire
import Glibc
import Logging
import NIOCore
import Synchronization

/// The public listeners: bound once, then configured anew by reloads and whenever the files of their TLS change.
final class ListenerSet: Sendable {
    private struct Listener {
        let server: HTTPServer
        var settings: ListenerSettings
        /// The files that its TLS was made of; `nil` without TLS.
        var files: TLSFiles?
        /// Files that were seen once, and are tried when they stay: a certificate comes before its key.
        var seen: TLSFiles.Stamp?
        /// Files that could not be used.
        var refused: TLSFiles.Stamp?
    }

    private struct State {
        var sessions = SessionSettings()
        var listeners: [Listener] = []
    }

    private let faults: ConnectionFaults
    private let logger: Logger
    private let state = Mutex(State())
    private let watch = Mutex<Task<Void, Never>?>(nil)

    /// How often files are looked at.
    private static let interval = Duration.seconds(1)

    init(faults: ConnectionFaults, metrics: GatewayMetrics, logger: Logger) {
        self.faults = faults
        self.logger = logger
        metrics.describeCertificates { [weak self] in self?.certificateEnds ?? [] }
    }

    /// How many connections have not had an answer to their first request yet.
    var newcomers: Int { servers.map(\.newcomers).reduce(0, +) }

    /// Binds another listener; `sockets` that were inherited for it stand in for its address.
    /// - Throws: `StartFailure` for a certificate or address that cannot be used.
    func bind(
        _ settings: ListenerSettings, sockets: [NIOBSDSocket.Handle]?, sessions: SessionSettings,
        group: any EventLoopGroup, routes: any HTTPRoutes
    ) async throws {
        let files = try settings.tls.map { try TLSFiles.load($0, listener: settings.name) }
        let configuration = configuration(of: settings, files: files, sessions: sessions)
        let server = try await HTTPServer.bind(
            settings.address, sockets: sockets, name: settings.name, group: group, configuration: configuration,
            routes: routes)
        warnOfEnd(files, settings.name)
        state.withLock {
            $0.sessions = sessions
            $0.listeners.append(Listener(server: server, settings: settings, files: files))
        }
        server.announce(settings.name, logger)
    }

    /// Begins to look after the files; `shutdown` ends it.
    func startWatching() {
        let task = Task { [weak self] in
            // A cancelled task sleeps no more.
            while (try? await Task.sleep(for: Self.interval)) != nil { self?.takeChangedFiles() }
        }
        watch.withLock { $0 = task }
    }

    /// Makes ready what a reload changes, and returns what puts it in force; one that is no longer configured stays as
    /// it is until the restart.
    /// - Throws: `StartFailure` for files that cannot be used; then nothing is changed.
    func prepare(_ settings: GatewaySettings) throws -> () -> Void {
        let names = state.withLock { $0.listeners.map(\.settings.name) }
        var changes: [String: (settings: ListenerSettings, files: TLSFiles?)] = [:]
        for listener in settings.listeners where names.contains(listener.name) {
            changes[listener.name] = (listener, try listener.tls.map { try TLSFiles.load($0, listener: listener.name) })
        }
        return { [self, changes] in
            state.withLock { state in
                state.sessions = settings.sessions
                for index in state.listeners.indices {
                    guard let change = changes[state.listeners[index].settings.name] else { continue }
                    state.listeners[index].settings = change.settings
                    use(change.files, of: &state.listeners[index], settings.sessions)
                }
            }
        }
    }

    /// Stops accepting; connections that exist go on.
    func stopAccepting() async {
        for server in servers { await server.stopAccepting() }
    }

    /// Stops accepting and closes every connection.
    func shutdown() async {
        watch.withLock { $0?.cancel() }
        for server in servers { await server.shutdown() }
    }

    private var servers: [HTTPServer] { state.withLock { $0.listeners.map(\.server) } }

    private var certificateEnds: [(label: String, value: Double)] {
        state.withLock {
            $0.listeners.compactMap { listener in
                listener.files.map { (listener.settings.name, Double($0.notAfter)) }
            }
        }
    }
}

extension ListenerSet {
    /// Looks whether files have changed; what can be used is used, for connections to come.
    private func takeChangedFiles() {
        state.withLock { state in
            for index in state.listeners.indices { takeChangedFiles(of: &state.listeners[index], state.sessions) }
        }
    }

    private func takeChangedFiles(of listener: inout Listener, _ sessions: SessionSettings) {
        guard let tls = listener.settings.tls, let files = listener.files else { return }
        let stamp = TLSFiles.Stamp(tls)
        guard stamp != files.stamp, stamp != listener.refused else {
            listener.seen = nil
            return
        }
        guard listener.seen == stamp else {
            listener.seen = stamp
            return
        }
        let name = listener.settings.name
        do {
            use(try TLSFiles.load(tls, listener: name), of: &listener, sessions)
            logger.notice("certificate taken from its changed files", metadata: ["listener": "\(name)"])
        } catch {
            listener.refused = stamp
            logger.error(
                "changed certificate not taken, the one before is kept",
                metadata: ["listener": "\(name)", "reason": "\(error)"])
        }
    }

    private func use(_ files: TLSFiles?, of listener: inout Listener, _ sessions: SessionSettings) {
        listener.files = files
        listener.seen = nil
        listener.refused = nil
        warnOfEnd(files, listener.settings.name)
        listener.server.configure(configuration(of: listener.settings, files: files, sessions: sessions))
    }

    private func warnOfEnd(_ files: TLSFiles?, _ name: String) {
        guard let files, files.notAfter < time(nil) else { return }
        logger.warning("the certificate has expired", metadata: ["listener": "\(name)"])
    }

    private func configuration(
        of listener: ListenerSettings, files: TLSFiles?, sessions: SessionSettings
    ) -> HTTPServer.Configuration {
        var configuration = HTTPServer.Configuration()
        configuration.headTimeout = TimeAmount(sessions.requestHeadTimeout)
        configuration.tls = files?.context
        let (name, faults) = (listener.name, faults)
        configuration.tlsFailed = { kind, words, peer in
            let fault: ConnectionFault = kind == .peerCertificate ? .clientCertificateRefused : .tlsFailed
            faults.closed(fault, listener: name, peer: peer, reason: words)
        }
        if listener.clientAddress == .proxy {
            configuration.gate = ProxyGate(listener: name, trusted: listener.trustedProxies, faults: faults)
        }
        return configuration
    }
}
