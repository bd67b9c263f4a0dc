import NIOCore

/// A socket whose peer is found gone when something is written to it.
final class ClosingOnFlush: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    func flush(context: ChannelHandlerContext) {
        context.close(promise: nil)
    }
}
