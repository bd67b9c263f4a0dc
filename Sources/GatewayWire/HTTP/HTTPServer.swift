package import NIOCore
package import NIOSSL

/// An HTTP/1.1 server whose connections may become WebSockets.
package final class HTTPServer: Sendable {
    /// Bounds and TLS of a server.
    package struct Configuration: Sendable {
        /// Largest request head, in bytes.
        package var maxHeadBytes: Int = 16 << 10
        /// Largest request body, in bytes.
        package var maxBodyBytes: Int = 64 << 10
        /// From the first byte of a request (or the accept) to the end of its head.
        package var headTimeout: TimeAmount = .seconds(10)
        /// How long an idle kept-alive connection stays.
        package var keepAliveTimeout: TimeAmount = .seconds(60)
        /// Server context, when the listener speaks TLS.
        package var tls: NIOSSLContext?

        package init() {}
    }

    /// Where it listens, with the port that the kernel chose.
    package let localAddress: SocketAddress

    init(localAddress: SocketAddress) { self.localAddress = localAddress }

    /// Binds and starts accepting.
    package static func bind(
        to address: SocketAddress, group: any EventLoopGroup, configuration: Configuration = Configuration(),
        routes: any HTTPRoutes
    ) async throws -> HTTPServer {
        preconditionFailure("stub")
    }

    /// Stops accepting; connections that exist go on.
    package func stopAccepting() async {}

    /// Stops accepting and closes every connection.
    package func shutdown() async {}
}
