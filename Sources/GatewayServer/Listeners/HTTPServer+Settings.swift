import GatewayCore
import GatewayWire
import Logging
import NIOCore

extension HTTPServer {
    /// Binds a listener; `sockets` that were inherited for it stand in for its address.
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

    /// Tells the log where it listens.
    func announce(_ name: String, _ logger: Logger) {
        for address in localAddresses {
            logger.notice("listening", metadata: ["listener": "\(name)", "address": "\(address.text)"])
        }
    }
}
