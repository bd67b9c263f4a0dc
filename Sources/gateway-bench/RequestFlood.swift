import NIOCore
import NIOPosix

/// One request, sent over and over on kept-alive connections of one event loop, several on the way on each; whenever it
/// is hung up on it connects anew.
final class RequestFlood {
    /// What came back.
    struct Count {
        /// Answers by their status.
        var answers: [Int: Int] = [:]
        var connects = 0
        var seconds = 0.0

        var total: Int { answers.values.reduce(0, +) }
    }

    private let request: ByteBuffer
    private let depth: Int
    private let bootstrap: ClientBootstrap
    private let loop: any EventLoop
    private let port: Int
    private var count = Count()
    private var isOver = false

    private init(request: String, depth: Int, port: Int, loop: any EventLoop) {
        self.request = ByteBuffer(string: request)
        self.depth = depth
        self.port = port
        self.loop = loop
        bootstrap = ClientBootstrap(group: loop).channelOption(.socketOption(.so_reuseaddr), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
    }

    /// Floods for so long, and tells what came of it.
    /// - Parameters:
    ///   - request: Its head, and no body.
    ///   - depth: Requests on the way on each connection.
    static func run(
        _ request: String, port: Int, connections: Int, depth: Int, seconds: Double, on loop: any EventLoop
    ) async throws -> Count {
        let begun = ContinuousClock.now
        let time = TimeAmount.nanoseconds(Int64(seconds * 1e9))
        let over = loop.flatSubmit {
            let flood = RequestFlood(request: request, depth: depth, port: port, loop: loop)
            for _ in 0..<connections { flood.connect() }
            let bound = NIOLoopBound(flood, eventLoop: loop)
            return loop.scheduleTask(in: time) {
                bound.value.isOver = true
                return bound.value.count
            }.futureResult
        }
        var count = try await over.get()
        count.seconds = begun.duration(to: .now) / .seconds(1)
        return count
    }

    private func connect() {
        guard !isOver else { return }
        count.connects += 1
        let bound = NIOLoopBound(self, eventLoop: loop)
        bootstrap.channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(Talk(flood: bound.value))
            }
        }.connect(host: "127.0.0.1", port: port).whenFailure { _ in
            // No port is free, or the listener is busy: again, when it has had some air.
            bound.value.loop.assumeIsolated().scheduleTask(in: .milliseconds(1)) { bound.value.connect() }
        }
    }

    private func answered(_ status: Int) { if !isOver { count.answers[status, default: 0] += 1 } }

    /// One connection: reads no more of the answers than their status lines.
    private final class Talk: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private static let start = Array("HTTP/1.1 ".utf8)

        private let flood: RequestFlood
        /// How much of a status line was seen.
        private var seen = 0
        private var status = 0

        init(flood: RequestFlood) { self.flood = flood }

        func channelActive(context: ChannelHandlerContext) { send(flood.depth, context) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var answers = 0
            for byte in unwrapInboundIn(data).readableBytesView {
                if seen < Self.start.count {
                    seen = byte == Self.start[seen] ? seen + 1 : byte == Self.start[0] ? 1 : 0
                    continue
                }
                status = status * 10 + Int(byte) - 48
                seen += 1
                guard seen == Self.start.count + 3 else { continue }
                flood.answered(status)
                (seen, status) = (0, 0)
                answers += 1
            }
            send(answers, context)
        }

        func channelInactive(context: ChannelHandlerContext) { flood.connect() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func send(_ count: Int, _ context: ChannelHandlerContext) {
            guard !flood.isOver else { return context.close(promise: nil) }
            guard count > 0 else { return }
            for _ in 0..<count { context.write(wrapOutboundOut(flood.request), promise: nil) }
            context.flush()
        }
    }
}
