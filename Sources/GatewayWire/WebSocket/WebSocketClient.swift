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

    /// Connects; fails with `Failure`, at the latest after `timeout`. To be called on `loop`, which the leg then lives
    /// on. The leg reports to `owner` from its first byte on.
    /// - Parameters:
    ///   - clock: Measures the steps.
    ///   - resolver: Finds the host's addresses, for this one connection; `nil` for NIO's own.
    package static func connect(
        to target: Target, on loop: any EventLoop, timeout: TimeAmount, owner: any WebSocketOwner,
        clock: DialClock = DialClock { _, _ in }, resolver: (any Resolver & Sendable)? = nil
    ) -> EventLoopFuture<WebSocketLeg> {
        let promise = loop.makePromise(of: WebSocketLeg.self)
        let handshake = ClientHandshake(target: target, owner: owner, clock: clock, promise: promise)
        guard target.isWellFormed else {
            handshake.fail(.badHandshake("the request target or a header is malformed"))
            return promise.futureResult
        }
        let timer = loop.assumeIsolated().scheduleTask(in: timeout) { handshake.fail(.timedOut) }
        promise.futureResult.assumeIsolated().whenComplete { _ in timer.cancel() }
        let bound = NIOLoopBound(clock, eventLoop: loop)
        // Handlers come once there is one connection: of a name with several addresses several may be tried, and the
        // request may hold a token that is good for one.
        ClientBootstrap(group: loop)
            .resolver(resolver)
            .connectTimeout(timeout)
            .channelOption(.autoRead, value: false)
            .channelInitializer { channel in
                // The first connection that is tried has an address.
                bound.value.ended(.dns)
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .connect(host: target.proxy?.host ?? target.host, port: target.proxy?.port ?? target.port)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    guard let proxy = target.proxy else { return begin(handshake, on: channel, target) }
                    // The handshake does not know its channel yet, so it cannot close it.
                    promise.futureResult.assumeIsolated().whenFailure { _ in channel.close(promise: nil) }
                    tunnel(through: proxy, to: target, on: channel, handshake)
                case .failure(ChannelError.connectTimeout): handshake.fail(.timedOut)
                case .failure(let error): handshake.fail(.unreachable(SocketFailure.words(error)))
                }
            }
        return promise.futureResult
    }

    private static func tunnel(
        through proxy: Proxy, to target: Target, on channel: any Channel, _ handshake: ClientHandshake
    ) {
        guard !handshake.isDecided else { return channel.close(promise: nil) }
        let tunnel = ConnectTunnel(to: target.authority, through: proxy) { words in
            if let words { handshake.fail(.proxy(words)) } else { begin(handshake, on: channel, target) }
        }
        do {
            try channel.pipeline.syncOperations.addHandler(tunnel)
            try channel.syncOptions?.setOption(.autoRead, value: true)
        } catch {
            handshake.fail(.lost)
        }
    }

    private static func begin(_ handshake: ClientHandshake, on channel: any Channel, _ target: Target) {
        guard !handshake.isDecided else { return channel.close(promise: nil) }
        do {
            if let tls = target.tls {
                // SNI carries names only (RFC 6066 §3).
                let isLiteral = (try? SocketAddress(ipAddress: target.host, port: 0)) != nil
                try channel.pipeline.syncOperations.addHandler(
                    NIOSSLClientHandler(context: tls, serverHostname: isLiteral ? nil : target.host))
            }
            handshake.clock.ended(.tcp)
            try handshake.begin(on: channel)
            try channel.syncOptions?.setOption(.autoRead, value: true)
        } catch {
            handshake.fail(target.tls == nil ? .lost : .tls(TLSFailure.words(error)))
            channel.close(promise: nil)
        }
    }
}

extension WebSocketClient.Target {
    /// `host:port`.
    fileprivate var authority: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// Whether the request would be one request: what a caller puts in cannot end a line.
    fileprivate var isWellFormed: Bool {
        pathAndQuery.utf8.first == UInt8(ascii: "/") && pathAndQuery.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            && headers.allSatisfy { name, value in
                !name.isEmpty && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }
                    && value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 > 0x20 && $0 != 0x7F }
            }
    }
}
