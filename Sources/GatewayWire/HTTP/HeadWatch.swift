import NIOCore

/// Stands before the parser, which is silent until a head is whole, and tells the connection of the bytes themselves.
final class HeadWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    weak var connection: HTTPConnection?
    private let maxHeadBytes: Int
    /// Bytes of the head that is coming; those that shared a read with the request before are not counted, so a head
    /// is cut off at one read above its bound at the latest.
    private var headBytes = 0
    private var isInHead = true

    init(maxHeadBytes: Int) {
        self.maxHeadBytes = maxHeadBytes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Behind the last answer nothing is parsed, or the parser would go on to keep what it is sent.
        guard let connection, connection.phase != .done else { return }
        let count = unwrapInboundIn(data).readableBytes
        if isInHead { headBytes += count }
        connection.bytesArrived()
        context.fireChannelRead(data)
        if isInHead, headBytes > maxHeadBytes { connection.headOverflowed() }
    }

    /// The parser has a whole head.
    func headEnded() {
        isInHead = false
    }

    /// The parser has a whole request.
    func requestEnded() {
        isInHead = true
        headBytes = 0
    }
}
