import NIOCore
import NIOPosix

/// One HTTP request on a connection of its own.
enum RawHTTP {
    /// Everything that came back until the server closed.
    static func exchange(port: Int, _ request: String) async throws -> String {
        let done = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: String.self)
        _ = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(request, done))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return try await done.futureResult.get()
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let request: String
        private let done: EventLoopPromise<String>
        private var bytes = ByteBuffer()

        init(_ request: String, _ done: EventLoopPromise<String>) {
            self.request = request
            self.done = done
        }

        // At once, and not when a thread of a busy test run is free: the server waits only so long.
        func channelActive(context: ChannelHandlerContext) {
            context.channel.writeAndFlush(ByteBuffer(string: request), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes.writeImmutableBuffer(unwrapInboundIn(data))
        }

        func channelInactive(context: ChannelHandlerContext) { done.succeed(String(buffer: bytes)) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
