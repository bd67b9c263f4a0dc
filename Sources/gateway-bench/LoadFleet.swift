import GatewayTesting
import GatewayWire
import NIOCore

/// The streams of one run, all on one event loop.
final class LoadFleet: Sendable {
    private struct Member: Sendable {
        let client: NIOLoopBound<LoadClient>
        let over: EventLoopFuture<Void>
    }

    private let shape: LoadShape
    private let loop: any EventLoop
    private let members: NIOLoopBoundBox<[Member]>

    init(shape: LoadShape, loop: any EventLoop) {
        self.shape = shape
        self.loop = loop
        members = NIOLoopBoundBox.makeBoxSendingValue([], eventLoop: loop)
    }

    /// Opens one more stream; returns when it is ready.
    /// - Throws: `WebSocketClient.Failure`.
    func add(port: Int, path: String) async throws {
        try await loop.flatSubmit { [shape, loop, members] in
            let ready = loop.makePromise(of: Void.self)
            let over = loop.makePromise(of: Void.self)
            let client = LoadClient(shape: shape, ready: ready, over: over)
            members.value.append(Member(client: NIOLoopBound(client, eventLoop: loop), over: over.futureResult))
            let target = WebSocketClient.Target(host: "127.0.0.1", port: port, pathAndQuery: path)
            WebSocketClient.connect(to: target, on: loop, timeout: .seconds(10), owner: client)
                .leg.assumeIsolated().whenComplete { result in
                    switch result {
                    case .success(let leg): client.opened(leg)
                    case .failure(let error):
                        ready.fail(error)
                        over.succeed()
                    }
                }
            return ready.futureResult
        }.get()
    }

    /// Lets every stream send, their first messages spread over one interval.
    func begin() async throws {
        try await loop.submit { [shape, members] in
            for (index, member) in members.value.enumerated() {
                let delay = shape.interval * Int64(index) / Int64(max(shape.streams, 1))
                member.client.value.begin(after: .nanoseconds(delay))
            }
        }.get()
    }

    /// Ends every stream; returns the bytes that were sent once all are closed.
    func finish() async throws -> Int {
        let ends = try await loop.submit { [members] in
            for member in members.value { member.client.value.finish() }
            return members.value.map(\.over)
        }.get()
        for end in ends { try await end.get() }
        return try await loop.submit { [members] in
            members.value.reduce(0) { $0 + $1.client.value.bytesSent }
        }.get()
    }
}
