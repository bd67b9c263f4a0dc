import GatewayCore
import GatewayWire
import NIOCore
import NIOSSL

extension HTTPServer {
    /// Binds a public listener.
    static func bind(
        _ listener: ListenerSettings, sessions: SessionSettings, faults: ConnectionFaults, group: any EventLoopGroup,
        routes: any HTTPRoutes
    ) async throws -> HTTPServer {
        let configuration = try configuration(of: listener, sessions: sessions, faults: faults)
        return try await bind(
            listener.address, name: listener.name, group: group, configuration: configuration, routes: routes)
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

    /// Binds any listener.
    /// - Throws: `StartFailure`.
    static func bind(
        _ endpoint: SocketEndpoint, name: String, group: any EventLoopGroup,
        configuration: Configuration = Configuration(), routes: any HTTPRoutes
    ) async throws -> HTTPServer {
        do {
            let address =
                switch endpoint {
                case .ip(let host, let port): try SocketAddress(ipAddress: host, port: port)
                case .unix(let path): try SocketAddress(unixDomainSocketPath: path)
                }
            return try await bind(to: address, group: group, configuration: configuration, routes: routes)
        } catch {
            throw StartFailure(
                "listener \(name) cannot listen on \(endpoint): \(SocketFailure.words(error)); is another program there, or "
                    + "the port below 1024?")
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
