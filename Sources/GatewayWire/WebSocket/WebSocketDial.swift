package import NIOCore
import NIOPosix
import NIOSSL

/// One attempt to open a WebSocket connection, which can be given up. Belongs to one event loop.
package final class WebSocketDial {
    /// The open connection; fails with `WebSocketClient.Failure`.
    package let leg: EventLoopFuture<WebSocketLeg>

    private let target: WebSocketClient.Target
    private let handshake: ClientHandshake
    private let resolver: (any Resolver & Sendable)?
    /// The connections that may still come to be used: of a name with several addresses several may be tried.
    private var channels: [any Channel] = []
    private var isOver = false
    private var isCancelled = false

    init(
        to target: WebSocketClient.Target, on loop: any EventLoop, owner: any WebSocketOwner, clock: DialClock,
        resolver: (any Resolver & Sendable)?
    ) {
        let promise = loop.makePromise(of: WebSocketLeg.self)
        leg = promise.futureResult
        handshake = ClientHandshake(target: target, owner: owner, clock: clock, promise: promise)
        self.target = target
        self.resolver = resolver
    }

    /// Gives it up, whatever it waits for: `leg` fails, and no connection stays. What is decided stays as it is.
    package func cancel() {
        guard !isOver else { return }
        isCancelled = true
        handshake.fail(.lost)
        // An answer that was just accepted cannot fail any more.
        if !isOver { letGo() }
    }

    /// To be called once.
    func begin(timeout: TimeAmount) {
        leg.assumeIsolated().whenComplete { result in
            self.isOver = true
            if case .failure = result { self.letGo() } else { self.channels = [] }
        }
        guard target.isWellFormed else {
            return handshake.fail(.badHandshake("the request target or a header is malformed"))
        }
        let timer = leg.eventLoop.assumeIsolated().scheduleTask(in: timeout) { self.handshake.fail(.timedOut) }
        leg.assumeIsolated().whenComplete { _ in timer.cancel() }
        connect(timeout)
    }

    /// Handlers come once there is one connection: the request may hold a token that is good for one.
    private func connect(_ timeout: TimeAmount) {
        let dial = NIOLoopBound(self, eventLoop: leg.eventLoop)
        ClientBootstrap(group: leg.eventLoop)
            .resolver(resolver)
            .connectTimeout(timeout)
            .channelOption(.autoRead, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try dial.value.tries(channel) }
            }
            .connect(host: target.proxy?.host ?? target.host, port: target.proxy?.port ?? target.port)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let channel): self.connected(channel)
                case .failure(ChannelError.connectTimeout): self.handshake.fail(.timedOut)
                case .failure(let error): self.handshake.fail(.unreachable(SocketFailure.words(error)))
                }
            }
    }

    private func tries(_ channel: any Channel) throws {
        // The next address is not worth a try any more.
        guard !handshake.isDecided else { throw WebSocketClient.Failure.lost }
        // The first connection that is tried has an address.
        handshake.clock.ended(.dns)
        channels.append(channel)
    }

    private func connected(_ channel: any Channel) {
        guard let proxy = target.proxy, !handshake.isDecided else { return open(on: channel) }
        let tunnel = ConnectTunnel(to: target.authority, through: proxy) { words in
            if let words { self.handshake.fail(.proxy(words)) } else { self.open(on: channel) }
        }
        do {
            try channel.pipeline.syncOperations.addHandler(tunnel)
            try channel.syncOptions?.setOption(.autoRead, value: true)
        } catch {
            handshake.fail(.lost)
        }
    }

    private func open(on channel: any Channel) {
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
        }
    }

    /// Ends the look-up and every connection.
    private func letGo() {
        resolver?.cancelQueries()
        let channels = channels
        self.channels = []
        for channel in channels {
            // At once is below TLS, which waits for the other side's goodbye.
            if isCancelled,
                let tls = try? channel.pipeline.syncOperations.context(handlerType: NIOSSLClientHandler.self)
            {
                tls.close(promise: nil)
            } else {
                channel.close(promise: nil)
            }
        }
    }
}
