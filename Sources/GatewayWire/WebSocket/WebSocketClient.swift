package import NIOCore
package import NIOPosix
package import NIOSSL

/// Opens WebSocket connections (RFC 6455 §4.1), with the server's answer checked strictly.
package enum WebSocketClient {
    /// An HTTP proxy that tunnels connections.
    package struct Proxy: Sendable {
        package var host: String
        package var port: Int
        /// The value of `Proxy-Authorization`.
        package var authorization: String?

        package init(host: String, port: Int, authorization: String? = nil) {
            self.host = host
            self.port = port
            self.authorization = authorization
        }
    }

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
        /// The proxy on the way there.
        package var proxy: Proxy?

        package init(
            host: String, port: Int, pathAndQuery: String, tls: NIOSSLContext? = nil,
            limits: WebSocketLimits = WebSocketLimits(), headers: [(String, String)] = [], proxy: Proxy? = nil
        ) {
            self.host = host
            self.port = port
            self.pathAndQuery = pathAndQuery
            self.tls = tls
            self.limits = limits
            self.headers = headers
            self.proxy = proxy
        }
    }

    /// Why no connection came to be.
    package enum Failure: Error, Sendable {
        /// DNS or TCP, in words.
        case unreachable(String)
        /// The proxy made no tunnel, in words.
        case proxy(String)
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

    /// Begins to connect, on `loop`, where it must be called and which the leg then lives on. The leg reports to `owner`
    /// from its first byte on.
    /// - Parameters:
    ///   - timeout: When it is over, the attempt has failed.
    ///   - clock: Measures the steps.
    ///   - resolver: Finds the host's addresses, for this one connection; `nil` for NIO's own.
    package static func connect(
        to target: Target, on loop: any EventLoop, timeout: TimeAmount, owner: any WebSocketOwner,
        clock: DialClock = DialClock { _, _ in }, resolver: (any Resolver & Sendable)? = nil
    ) -> WebSocketDial {
        let dial = WebSocketDial(to: target, on: loop, owner: owner, clock: clock, resolver: resolver)
        dial.begin(timeout: timeout)
        return dial
    }
}

extension WebSocketClient.Target {
    /// `host:port`.
    var authority: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// Whether the request would be one request: what a caller puts in cannot end a line.
    var isWellFormed: Bool {
        pathAndQuery.utf8.first == UInt8(ascii: "/") && pathAndQuery.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            && headers.allSatisfy { name, value in
                !name.isEmpty && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }
                    && value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 > 0x20 && $0 != 0x7F }
            }
    }
}
