package import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL
import Synchronization

/// An HTTP/1.1 server whose connections may become WebSockets.
package final class HTTPServer: Sendable {
    /// Bounds and TLS of a server.
    package struct Configuration: Sendable {
        /// Largest request head, in bytes.
        package var maxHeadBytes: Int = 16 << 10
        /// Largest request body, in bytes.
        package var maxBodyBytes: Int = 64 << 10
        /// From the accept to the end of the first request.
        package var headTimeout: TimeAmount = .seconds(10)
        /// How long an idle kept-alive connection stays.
        package var keepAliveTimeout: TimeAmount = .seconds(60)
        /// Server context, when the listener speaks TLS.
        package var tls: NIOSSLContext?

        package init() {}
    }

    /// Where it listens, with the port that the kernel chose.
    package let localAddress: SocketAddress
    private let listener: any Channel
    private let connections: ConnectionRegistry

    private init(listener: any Channel, localAddress: SocketAddress, connections: ConnectionRegistry) {
        self.listener = listener
        self.localAddress = localAddress
        self.connections = connections
    }

    /// Binds and starts accepting; fails with the socket's error.
    package static func bind(
        to address: SocketAddress, group: any EventLoopGroup, configuration: Configuration = Configuration(),
        routes: any HTTPRoutes
    ) async throws -> HTTPServer {
        let connections = ConnectionRegistry()
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                connections.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    try setUp(channel, configuration: configuration, routes: routes)
                }
            }
            .bind(to: address).get()
        return HTTPServer(
            listener: listener, localAddress: listener.localAddress ?? address, connections: connections)
    }

    private static func setUp(_ channel: any Channel, configuration: Configuration, routes: any HTTPRoutes) throws {
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: headLimits(configuration.maxHeadBytes)))
        let encoder = HTTPResponseEncoder()
        let pipeline = channel.pipeline.syncOperations
        if let tls = configuration.tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        try pipeline.addHandlers([
            decoder, encoder,
            HTTPConnection(routes: routes, configuration: configuration, decoder: decoder, encoder: encoder),
        ])
    }

    /// Bounds of a message head.
    static func headLimits(_ bytes: Int) -> NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = bytes
        limits.maxHeaderListSize = bytes
        return limits
    }

    /// Stops accepting; connections that exist go on.
    package func stopAccepting() async {
        // A listener that is closed already is what was asked for.
        try? await listener.close().get()
    }

    /// Stops accepting and closes every connection.
    package func shutdown() async {
        await stopAccepting()
        for channel in connections.all { try? await channel.close().get() }
    }
}

/// The connections of a server that are open.
private final class ConnectionRegistry: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    var all: [any Channel] { channels.withLock { Array($0.values) } }

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        channels.withLock { $0[id] = channel }
        channel.closeFuture.whenComplete { _ in self.channels.withLock { _ = $0.removeValue(forKey: id) } }
    }
}
