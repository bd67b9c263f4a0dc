package import NIOCore
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
        preconditionFailure("stub")
    }
}
