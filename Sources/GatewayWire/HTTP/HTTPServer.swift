package import NIOCore
import NIOPosix
package import NIOSSL

/// An HTTP/1.1 server whose connections may become WebSockets.
package final class HTTPServer: Sendable {
    /// Bounds and TLS of a server.
    package struct Configuration: Sendable {
        /// Largest request head, in bytes.
        package var maxHeadBytes: Int = 16 << 10
        /// Largest request body, in bytes.
        package var maxBodyBytes: Int = 64 << 10
        /// From the accept, and again from the first byte of each request, to the end of the request; a request that
        /// takes longer is answered with 408.
        package var headTimeout: TimeAmount = .seconds(10)
        /// How long an idle kept-alive connection stays.
        package var keepAliveTimeout: TimeAmount = .seconds(60)
        /// How long a client may take to read the last answer and close.
        package var lingerTimeout: TimeAmount = .seconds(2)
        /// Server context, when the listener speaks TLS.
        package var tls: NIOSSLContext?
        /// Decides about connections before anything of them is read as TLS or HTTP; `nil` takes all.
        package var gate: (any ConnectionGate)?

        package init() {}
    }

    /// Where it listens, with the port that the kernel chose.
    package let localAddress: SocketAddress
    private let listener: any Channel
    private let connections: ConnectionRegistry
    private let configuration: ServerConfiguration

    private init(
        listener: any Channel, localAddress: SocketAddress, connections: ConnectionRegistry,
        configuration: ServerConfiguration
    ) {
        self.listener = listener
        self.localAddress = localAddress
        self.connections = connections
        self.configuration = configuration
    }

    /// Binds and starts accepting; fails with the socket's error.
    package static func bind(
        to address: SocketAddress, group: any EventLoopGroup, configuration: Configuration = Configuration(),
        routes: any HTTPRoutes
    ) async throws -> HTTPServer {
        let connections = ConnectionRegistry()
        let configuration = ServerConfiguration(configuration)
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                connections.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    try setUp(channel, configuration: configuration.current, routes: routes)
                }
            }
            .bind(to: address).get()
        return HTTPServer(
            listener: listener, localAddress: listener.localAddress ?? address, connections: connections,
            configuration: configuration)
    }

    /// Changes bounds and TLS of connections to come.
    package func configure(_ configuration: Configuration) {
        self.configuration.current = configuration
    }

    private static func setUp(_ channel: any Channel, configuration: Configuration, routes: any HTTPRoutes) throws {
        guard let gate = configuration.gate else {
            return try begin(channel, announced: nil, configuration: configuration, routes: routes)
        }
        guard gate.admits(channel.remoteAddress) else { return channel.close(promise: nil) }
        let handler = GateHandler(gate, timeout: configuration.headTimeout) { announcement in
            try begin(channel, announced: announcement, configuration: configuration, routes: routes)
        }
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    /// Lets TLS and HTTP begin.
    private static func begin(
        _ channel: any Channel, announced: ProxyAnnouncement?, configuration: Configuration, routes: any HTTPRoutes
    ) throws {
        let codec = HTTPCodec(maxHeadBytes: configuration.maxHeadBytes)
        let connection = HTTPConnection(
            routes: routes, configuration: configuration, codec: codec, announced: announced)
        let pipeline = channel.pipeline.syncOperations
        if let tls = configuration.tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        try pipeline.addHandlers([codec.watch, codec.decoder, codec.encoder, connection])
    }

    /// Stops accepting; connections that exist go on.
    package func stopAccepting() async {
        // A listener that is closed already is what was asked for.
        try? await listener.close().get()
    }

    /// Stops accepting and closes every connection.
    package func shutdown() async {
        await stopAccepting()
        await connections.closeAll()
    }
}
