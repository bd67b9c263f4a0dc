import GatewayCore
import GatewayWire
import NIOCore
import NIOSSL

extension HTTPServer {
    /// Binds a public listener; `sockets` that were inherited for it stand in for its address.
    static func bind(
        _ listener: ListenerSettings, sockets: [NIOBSDSocket.Handle]?, sessions: SessionSettings,
        faults: ConnectionFaults, group: any EventLoopGroup, routes: any HTTPRoutes
    ) async throws -> HTTPServer {
        let configuration = try configuration(of: listener, sessions: sessions, faults: faults)
        return try await bind(
            listener.address, sockets: sockets, name: listener.name, group: group, configuration: configuration,
            routes: routes)
    }

    /// What may change while it runs: bounds, TLS and whom it takes.
    /// - Throws: `StartFailure` for a certificate or key that cannot be used.
    static func configuration(of listener: ListenerSettings, sessions: SessionSettings, faults: ConnectionFaults) throws
        -> Configuration
    {
        var configuration = Configuration()
        configuration.headTimeout = TimeAmount(sessions.requestHeadTimeout)
        configuration.tls = try listener.tls.map { try tlsContext($0, listener: listener.name) }
        if listener.clientAddress == .proxy {
            configuration.gate = ProxyGate(
                listener: listener.name, trusted: listener.trustedProxies, faults: faults)
        }
        return configuration
    }

    /// Binds any listener; `sockets` that were inherited for it stand in for its address.
    /// - Throws: `StartFailure`.
    static func bind(
        _ endpoint: SocketEndpoint, sockets: [NIOBSDSocket.Handle]?, name: String, group: any EventLoopGroup,
        configuration: Configuration = Configuration(), routes: any HTTPRoutes
    ) async throws -> HTTPServer {
        do {
            let entrances = try sockets?.map(Entrance.inherited) ?? [.address(address(of: endpoint))]
            return try await bind(to: entrances, group: group, configuration: configuration, routes: routes)
        } catch {
            guard sockets == nil else {
                throw StartFailure("listener \(name) cannot use its inherited socket: \(SocketFailure.words(error))")
            }
            throw StartFailure(
                "listener \(name) cannot listen on \(endpoint): \(SocketFailure.words(error)); is another program there, or "
                    + "the port below 1024, which only an inherited socket may have?")
        }
    }

    private static func address(of endpoint: SocketEndpoint) throws -> SocketAddress {
        switch endpoint {
        case .ip(let host, let port): try SocketAddress(ipAddress: host, port: port)
        case .unix(let path): try SocketAddress(unixDomainSocketPath: path)
        }
    }

    private static func tlsContext(_ settings: TLSSettings, listener: String) throws -> NIOSSLContext {
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(settings.certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: settings.key, format: .pem)))
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw StartFailure("listener \(listener) cannot use its certificate or key: \(error)")
        }
    }
}
