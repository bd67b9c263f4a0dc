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
        /// Told of TLS handshakes that failed.
        package var tlsFailed: @Sendable (TLSFailure.Kind, _ words: String, _ peer: SocketAddress?) -> Void = {
            _, _, _ in
        }

        package init() {}
    }

    /// Where its connections come from.
    package enum Entrance: Sendable {
        /// An address to bind.
        case address(SocketAddress)
        /// A stream socket that is bound already; it is the server's from now on.
        case inherited(NIOBSDSocket.Handle)
    }

    /// Where it listens, with the ports that the kernel chose; at least one.
    package let localAddresses: [SocketAddress]
    /// The first of them.
    package var localAddress: SocketAddress { localAddresses[0] }
    private let listeners: [any Channel]
    private let group: any EventLoopGroup
    private let connections: ConnectionRegistry
    private let configuration: ServerConfiguration

    private init(
        listeners: [any Channel], group: any EventLoopGroup, connections: ConnectionRegistry,
        configuration: ServerConfiguration
    ) {
        self.listeners = listeners
        self.group = group
        localAddresses = listeners.compactMap(\.localAddress)
        self.connections = connections
        self.configuration = configuration
    }

    /// Binds and starts accepting; fails with the socket's error.
    package static func bind(
        to address: SocketAddress, group: any EventLoopGroup, configuration: Configuration = Configuration(),
        routes: any HTTPRoutes
    ) async throws -> HTTPServer {
        try await bind(to: [.address(address)], group: group, configuration: configuration, routes: routes)
    }

    /// Starts accepting at every entrance, or at none and fails with the socket's error.
    package static func bind(
        to entrances: [Entrance], group: any EventLoopGroup, configuration: Configuration = Configuration(),
        routes: any HTTPRoutes
    ) async throws -> HTTPServer {
        let connections = ConnectionRegistry()
        let configuration = ServerConfiguration(configuration)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // A client may send many requests at once. What one small read brings is answered before the loop turns to
            // others, and is all that waits when the client takes no answers.
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 2048))
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                let newcomer = connections.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    try setUp(channel, newcomer, configuration: configuration.current, routes: routes)
                }
            }
        var listeners: [any Channel] = []
        do {
            for entrance in entrances {
                switch entrance {
                case .address(let address): listeners.append(try await bootstrap.bind(to: address).get())
                case .inherited(let socket): listeners.append(try await bootstrap.withBoundSocket(socket).get())
                }
            }
        } catch {
            for listener in listeners { try? await listener.close().get() }
            throw error
        }
        return HTTPServer(
            listeners: listeners, group: group, connections: connections, configuration: configuration)
    }

    /// How many connections have not sent their first request yet.
    package var newcomers: Int { connections.newcomers }

    /// Changes bounds and TLS of connections to come.
    package func configure(_ configuration: Configuration) {
        self.configuration.current = configuration
    }

    private static func setUp(
        _ channel: any Channel, _ newcomer: Newcomer, configuration: Configuration, routes: any HTTPRoutes
    ) throws {
        guard let gate = configuration.gate else {
            return try begin(channel, newcomer, announced: nil, configuration: configuration, routes: routes)
        }
        guard gate.admits(channel.remoteAddress) else { return channel.close(promise: nil) }
        let handler = GateHandler(gate, timeout: configuration.headTimeout) { announcement in
            try begin(channel, newcomer, announced: announcement, configuration: configuration, routes: routes)
        }
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    /// Lets TLS and HTTP begin.
    private static func begin(
        _ channel: any Channel, _ newcomer: Newcomer, announced: ProxyAnnouncement?, configuration: Configuration,
        routes: any HTTPRoutes
    ) throws {
        let codec = HTTPCodec(maxHeadBytes: configuration.maxHeadBytes)
        let connection = HTTPConnection(
            routes: routes, configuration: configuration, codec: codec, newcomer: newcomer, announced: announced)
        let pipeline = channel.pipeline.syncOperations
        if let tls = configuration.tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        try pipeline.addHandlers([codec.watch, codec.decoder, codec.encoder, connection])
    }

    /// Stops accepting; connections that exist go on, those that were just accepted too.
    package func stopAccepting() async {
        // A listener that is closed already is what was asked for, so no failure matters here.
        for listener in listeners { try? await listener.setOption(.autoRead, value: false).get() }
        // What was accepted on the listener's loop is set up on its own and reported back; a listener that is closed
        // meanwhile would reset it.
        for loop in group.makeIterator() { try? await loop.submit {}.get() }
        for listener in listeners {
            try? await listener.eventLoop.submit {}.get()
            try? await listener.close().get()
        }
    }

    /// Stops accepting and closes every connection.
    package func shutdown() async {
        await stopAccepting()
        await connections.closeAll()
    }
}
