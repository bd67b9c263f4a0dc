package import GatewayCore
package import GatewayWire
package import NIOCore
package import NIOSSL

/// Opens streams to the vendor: one token for each, then the WebSocket, both within one time.
package final class UpstreamConnector: Sendable {
    private let minter: TokenMinter
    private let url: EndpointURL
    private let tls: NIOSSLContext?
    private let limits: WebSocketLimits

    /// - Parameters:
    ///   - url: The stream endpoint.
    ///   - tls: For `wss`; `nil` for `ws`.
    package init(minter: TokenMinter, url: EndpointURL, tls: NIOSSLContext?, limits: WebSocketLimits) {
        self.minter = minter
        self.url = url
        self.tls = tls
        self.limits = limits
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

    /// Begins to open a stream on `loop`, where it must be called; the leg reports to `owner`.
    /// - Parameter timeout: For token and connection together.
    package func connect(on loop: any EventLoop, timeout: TimeAmount, owner: any WebSocketOwner) -> UpstreamAttempt {
        let attempt = UpstreamAttempt(loop: loop, deadline: .now() + timeout, owner: owner)
        let bound = NIOLoopBound(attempt, eventLoop: loop)
        let order = minter.mint(timeout: .nanoseconds(timeout.nanoseconds)) { outcome in
            loop.execute { self.minted(outcome, for: bound.value) }
        }
        attempt.giveUpToken = { [minter] in minter.cancel(order) }
        return attempt
    }

    private func minted(_ outcome: MintOutcome, for attempt: UpstreamAttempt) {
        attempt.onMint?(outcome)
        attempt.giveUpToken = nil
        switch outcome {
        case .failed(let failure): attempt.fail(.mint(failure))
        case .token(let token, let milliseconds): dial(with: token, minted: milliseconds, for: attempt)
        }
    }

    private func dial(with token: UpstreamToken, minted: Double, for attempt: UpstreamAttempt) {
        guard !attempt.isDecided else { return }
        let begun = NIODeadline.now()
        let remaining = max(attempt.deadline - begun, .milliseconds(1))
        let target = token.withQueryValue {
            WebSocketClient.Target(
                host: url.host, port: url.port, pathAndQuery: "\(url.path)?streaming_token=\($0)", tls: tls,
                limits: limits)
        }
        WebSocketClient.connect(to: target, on: attempt.loop, timeout: remaining, owner: attempt.owner)
            .assumeIsolated().whenComplete { result in
                switch result {
                case .success(let leg):
                    let connected = Double((NIODeadline.now() - begun).nanoseconds) / 1e6
                    attempt.succeed(.init(leg: leg, mintMilliseconds: minted, connectMilliseconds: connected))
                case .failure(let failure as WebSocketClient.Failure): attempt.fail(.dial(failure))
                case .failure: attempt.fail(.dial(.lost))
                }
            }
    }
}
