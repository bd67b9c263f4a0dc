import GatewayWire
import NIOCore

/// One session that says `start` and waits for `ready`. Belongs to one event loop.
final class ReadyClient: WebSocketOwner {
    private let ready: EventLoopPromise<Void>
    private let over: EventLoopPromise<Void>

    private init(ready: EventLoopPromise<Void>, over: EventLoopPromise<Void>) {
        self.ready = ready
        self.over = over
    }

    /// Opens a session, hears `ready` and closes it again.
    /// - Returns: The moment of `ready`.
    /// - Throws: `WebSocketClient.Failure`, or `Ended` when no `ready` came.
    static func run(port: Int, path: String, on loop: any EventLoop) async throws -> ContinuousClock.Instant {
        let (ready, over) = (loop.makePromise(of: Void.self), loop.makePromise(of: Void.self))
        let open = loop.submit {
            let client = ReadyClient(ready: ready, over: over)
            let target = WebSocketClient.Target(host: "127.0.0.1", port: port, pathAndQuery: path)
            WebSocketClient.connect(to: target, on: loop, timeout: .seconds(10), owner: client)
                .leg.assumeIsolated().whenComplete { result in
                    switch result {
                    case .success(let leg): client.start(leg)
                    case .failure(let error):
                        ready.fail(error)
                        over.succeed()
                    }
                }
        }
        try await open.get()
        defer { over.futureResult.whenComplete { _ in } }
        try await ready.futureResult.get()
        let moment = ContinuousClock.now
        try await over.futureResult.get()
        return moment
    }

    /// The session ended without `ready`.
    struct Ended: Error {}

    private func start(_ leg: WebSocketLeg) {
        leg.send(text: #"{"type":"start","sample_rate":16000,"channels":1}"#)
        leg.flush()
    }

    func received(text: ByteBuffer, on leg: WebSocketLeg) {
        ready.succeed()
        leg.close(code: 1000)
    }

    func received(binary: ByteBuffer, on leg: WebSocketLeg) {}

    func ended(_ end: WebSocketEnd, on leg: WebSocketLeg) {
        // Only the first word about `ready` counts.
        ready.fail(Ended())
        over.succeed()
    }
}
