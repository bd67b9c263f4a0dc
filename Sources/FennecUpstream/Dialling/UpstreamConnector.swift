package import GatewayCore
package import GatewayWire
package import NIOCore
package import NIOSSL

/// Opens streams to the vendor: one token for each, then the WebSocket, both within one time.
package final class UpstreamConnector: Sendable {
    private let supply: TokenSupply
    private let gate: DialGate
    private let names = NameService()
    private let url: EndpointURL
    private let tls: NIOSSLContext?
    private let proxy: WebSocketClient.Proxy?
    private let limits: WebSocketLimits
    private let observer: any UpstreamObserver

    /// - Parameters:
    ///   - url: The stream endpoint.
    ///   - tls: For `wss`; `nil` for `ws`.
    ///   - proxy: On the way there.
    package init(
        supply: TokenSupply, url: EndpointURL, tls: NIOSSLContext?, proxy: ProxyAddress?, limits: WebSocketLimits,
        observer: any UpstreamObserver
    ) {
        self.supply = supply
        self.gate = DialGate(observer: observer)
        self.observer = observer
        self.url = url
        self.tls = tls
        self.proxy = proxy.map { proxy in
            let credentials = proxy.credentials.map { "Basic \(Base64URL.encodePadded(Array($0.utf8)))" }
            return WebSocketClient.Proxy(host: proxy.host, port: proxy.port, authorization: credentials)
        }
        self.limits = limits
    }

    /// The proxy on the way to `url`.
    package static func proxy(for url: EndpointURL, _ choice: ProxyChoice) throws(StreamProxyFailure) -> ProxyAddress? {
        try choice.streamProxy(to: url, ProcessEnvironment.proxyVariables)
    }

    /// The TLS context for streams: full verification, TLS 1.2 and up, the system's trust store or `caFile`.
    /// - Throws: What NIOSSL says of an unusable file.
    package static func tlsContext(for url: EndpointURL, caFile: String?) throws -> NIOSSLContext? {
        guard url.scheme.isSecure else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let caFile { configuration.trustRoots = .file(caFile) }
        return try NIOSSLContext(configuration: configuration)
    }

    /// Why a session that began now would get no upstream; `nil` when it would or might.
    package func obstacle() -> UpstreamFailure? {
        if let retryAfter = gate.obstacle() { return .circuitOpen(retryAfter: retryAfter) }
        return supply.obstacle().map { .token($0) }
    }

    /// Begins to open a stream on `loop`, where it must be called; the leg reports to `owner`.
    /// - Parameter timeout: For token and connection together.
    package func connect(on loop: any EventLoop, timeout: TimeAmount, owner: any WebSocketOwner) -> UpstreamAttempt {
        let attempt = UpstreamAttempt(loop: loop, deadline: .now() + timeout, owner: owner)
        let bound = NIOLoopBound(attempt, eventLoop: loop)
        switch gate.ask() {
        case .pass: break
        case .probe: attempt.isProbe = true
        case .refuse(let retryAfter):
            // Whoever asked has not said yet whom to tell.
            loop.execute { bound.value.fail(.circuitOpen(retryAfter: retryAfter)) }
            return attempt
        }
        let need = supply.take(within: .nanoseconds(timeout.nanoseconds)) { result in
            loop.execute { self.supplied(result, to: bound.value) }
        }
        attempt.giveUp = { [gate, supply] in
            supply.cancel(need)
            if bound.value.isProbe { gate.abandoned() }
        }
        return attempt
    }

    private func supplied(_ result: Result<TokenSupply.Delivery, TokenNeedFailure>, to attempt: UpstreamAttempt) {
        guard !attempt.isDecided else { return }
        attempt.giveUp = nil
        switch result {
        case .failure(let failure):
            if attempt.isProbe { gate.abandoned() }
            attempt.fail(.token(failure))
        case .success(let delivery): dial(with: delivery, for: attempt)
        }
    }

    private func dial(with delivery: TokenSupply.Delivery, for attempt: UpstreamAttempt) {
        let begun = NIODeadline.now()
        let remaining = max(attempt.deadline - begun, .milliseconds(1))
        let target = delivery.token.withQueryValue {
            WebSocketClient.Target(
                host: url.host, port: url.port, pathAndQuery: "\(url.path)?streaming_token=\($0)", tls: tls,
                limits: limits, proxy: proxy)
        }
        let clock = DialClock { [observer] step, time in
            observer.dialStepEnded(step, took: .nanoseconds(time.nanoseconds))
        }
        let dial = WebSocketClient.connect(
            to: target, on: attempt.loop, timeout: remaining, owner: attempt.owner, clock: clock,
            resolver: DialResolver(names: names, loop: attempt.loop))
        attempt.giveUp = { [gate, isProbe = attempt.isProbe] in
            dial.cancel()
            if isProbe { gate.abandoned() }
        }
        dial.leg.assumeIsolated().whenComplete { [gate] result in
            switch result {
            case .success(let leg):
                gate.succeeded()
                let connected = Double((NIODeadline.now() - begun).nanoseconds) / 1e6
                attempt.succeed(
                    .init(leg: leg, mintMilliseconds: delivery.milliseconds, connectMilliseconds: connected))
            case .failure(let error):
                // Given up, it says nothing about the service.
                guard !attempt.isDecided else { return }
                let failure = UpstreamFailure.dial(error as? WebSocketClient.Failure ?? .lost)
                gate.failed(failure.description)
                attempt.fail(failure)
            }
        }
    }
}
