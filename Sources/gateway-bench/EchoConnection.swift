import GatewayWire
import NIOCore
import NIOPosix

/// One connection of a client, from its handshake to its end.
enum EchoConnection {
    private static let timeout = TimeAmount.seconds(10)

    /// Connects and waits for the end; `owner` makes the owner, which calls what it is given when the leg ends.
    /// - Throws: `WebSocketClient.Failure`.
    static func run(
        _ target: EchoTarget, owner: @escaping @Sendable (@escaping (WebSocketEnd) -> Void) -> any WebSocketOwner
    ) async throws -> WebSocketEnd {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return try await loop.flatSubmit {
            let promise = loop.makePromise(of: WebSocketEnd.self)
            let target = WebSocketClient.Target(
                host: target.host, port: target.port, pathAndQuery: target.pathAndQuery, limits: Echo.limits)
            WebSocketClient.connect(to: target, on: loop, timeout: timeout, owner: owner { promise.succeed($0) })
                .leg.assumeIsolated().whenFailure { promise.fail($0) }
            return promise.futureResult
        }.get()
    }
}
