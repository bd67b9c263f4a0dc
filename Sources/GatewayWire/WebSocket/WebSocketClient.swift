package import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL

/// Opens WebSocket connections (RFC 6455 §4.1), with the server's answer checked strictly.
package enum WebSocketClient {
    /// Where to connect.
    package struct Target: Sendable {
        /// A name or IP literal.
        package var host: String
        package var port: Int
        /// Path and query, beginning with `/`.
        package var pathAndQuery: String
        /// TLS context; `nil` for plain `ws`.
        package var tls: NIOSSLContext?
        package var limits: WebSocketLimits
        /// Further request headers, such as `Origin`; empty by default.
        package var headers: [(String, String)]

        package init(
            host: String, port: Int, pathAndQuery: String, tls: NIOSSLContext? = nil,
            limits: WebSocketLimits = WebSocketLimits(), headers: [(String, String)] = []
        ) {
            self.host = host
            self.port = port
            self.pathAndQuery = pathAndQuery
            self.tls = tls
            self.limits = limits
            self.headers = headers
        }
    }

    /// Why no connection came to be.
    package enum Failure: Error, Sendable {
        /// DNS or TCP, in words.
        case unreachable(String)
        /// TLS, in words.
        case tls(String)
        /// The server answered with another status.
        case refused(status: Int)
        /// The server's answer was no WebSocket handshake.
        case badHandshake(String)
        /// No answer in time.
        case timedOut
        /// The connection ended during the handshake.
        case lost
    }

    /// Connects on `loop`; fails with `Failure`. The leg reports to `owner` from its first byte on.
    package static func connect(
        to target: Target, on loop: any EventLoop, timeout: TimeAmount, owner: any WebSocketOwner
    ) -> EventLoopFuture<WebSocketLeg> {
        let promise = loop.makePromise(of: WebSocketLeg.self)
        let isolated = loop.assumeIsolated()
        let handshake = ClientHandshake(target: target, owner: owner, promise: promise)
        let bound = NIOLoopBound(handshake, eventLoop: loop)
        let timer = isolated.scheduleTask(in: timeout) { handshake.fail(.timedOut) }
        promise.futureResult.assumeIsolated().whenComplete { _ in timer.cancel() }
        ClientBootstrap(group: loop)
            .connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try setUp(channel, target: target, handshake: bound.value) }
            }
            .connect(host: target.host, port: target.port)
            .whenFailure { bound.value.fail(.unreachable(String(describing: $0))) }
        return promise.futureResult
    }

    private static func setUp(_ channel: any Channel, target: Target, handshake: ClientHandshake) throws {
        let pipeline = channel.pipeline.syncOperations
        if let tls = target.tls {
            // SNI carries names only (RFC 6066 §3).
            let isLiteral = (try? SocketAddress(ipAddress: target.host, port: 0)) != nil
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: isLiteral ? nil : target.host))
        }
        try pipeline.addHandlers([handshake.encoder, handshake.decoder, handshake])
    }
}
