import NIOCore
import NIOHTTP1

/// Stands before the parser of a client's handshake and gives it one head at a time, so that what follows the head
/// of a 101 is not the parser's: it would lose those bytes when the connection ends in the same read.
final class AnswerSplitter: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Where the bytes go once the handshake is done.
    var leg: WebSocketLeg?
    private var context: ChannelHandlerContext?
    private let maxHeadBytes: Int
    private var headBytes = 0
    /// How much of the empty line that ends a head has been seen.
    private var matched = 0

    init(maxHeadBytes: Int) {
        self.maxHeadBytes = maxHeadBytes
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    /// Makes way: bytes reach the leg by themselves from now on.
    func leave() {
        context?.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        while leg == nil, let part = bytes.readSlice(length: headPart(of: bytes)), part.readableBytes > 0 {
            headBytes += part.readableBytes
            guard headBytes <= maxHeadBytes else { return context.fireErrorCaught(HTTPParserError.headerOverflow) }
            if matched == Self.end.count { (matched, headBytes) = (0, 0) }
            context.fireChannelRead(wrapInboundOut(part))
        }
        if bytes.readableBytes > 0 { leg?.arrived(bytes) }
    }

    private static let end = Array("\r\n\r\n".utf8)

    /// How many of the bytes belong to the head at hand.
    private func headPart(of bytes: ByteBuffer) -> Int {
        for (index, byte) in bytes.readableBytesView.enumerated() {
            matched = byte == Self.end[matched] ? matched + 1 : byte == Self.end[0] ? 1 : 0
            if matched == Self.end.count { return index + 1 }
        }
        return bytes.readableBytes
    }
}
