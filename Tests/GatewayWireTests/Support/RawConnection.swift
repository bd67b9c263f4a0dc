import Glibc
import NIOCore
import NIOPosix

/// A TCP connection that speaks and hears bytes as they are.
actor RawConnection {
    /// How the peer ended it.
    enum End: Equatable {
        case endOfStream, reset
    }

    nonisolated let channel: any Channel
    private let pieces: Mailbox<ByteBuffer>
    private let end: Mailbox<End>
    private var heard: [UInt8] = []

    private init(channel: any Channel, handler: RawHandler.Boxes) {
        self.channel = channel
        pieces = handler.pieces
        end = handler.end
    }

    /// Connects; `greeting` goes out with the connection, and waits for no thread of a busy test run.
    static func connect(
        to address: SocketAddress, greeting: String? = nil,
        group: any EventLoopGroup = .singletonMultiThreadedEventLoopGroup,
        receiveBuffer: Int32? = nil, before: (@Sendable (any Channel) throws -> Void)? = nil
    ) async throws -> RawConnection {
        let boxes = RawHandler.Boxes()
        var bootstrap = ClientBootstrap(group: group)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try before?(channel)
                    try channel.pipeline.syncOperations.addHandler(RawHandler(boxes, greeting: greeting))
                }
            }
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBuffer))
        }
        return RawConnection(channel: try await bootstrap.connect(to: address).get(), handler: boxes)
    }

    /// Takes over a channel that a listener accepted.
    static func accept(_ channel: any Channel) throws -> RawConnection {
        let boxes = RawHandler.Boxes()
        try channel.pipeline.syncOperations.addHandler(RawHandler(boxes))
        return RawConnection(channel: channel, handler: boxes)
    }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Sends the end of our stream; the peer can still be heard.
    func finish() async throws {
        try await channel.close(mode: .output).get()
    }

    /// Closes so that the peer sees a reset.
    func reset() async throws {
        guard let options = channel as? any SocketOptionProvider else { return }
        try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close().get()
    }

    /// The next bytes up to and with the empty line.
    func head() async throws -> String {
        let mark = Array("\r\n\r\n".utf8)
        while true {
            if let end = heard.indices.first(where: { heard[$0...].starts(with: mark) }) {
                return String(decoding: take(end + 4), as: UTF8.self)
            }
            try await hear()
        }
    }

    /// The next `count` bytes.
    func bytes(_ count: Int) async throws -> [UInt8] {
        while heard.count < count { try await hear() }
        return take(count)
    }

    /// Everything until the peer ends the connection.
    func rest() async -> [UInt8] {
        for piece in await pieces.rest() { heard += piece.readableBytesView }
        return take(heard.count)
    }

    func restAsText() async -> String {
        String(decoding: await rest(), as: UTF8.self)
    }

    /// How the peer ended the connection.
    func ending() async -> End? {
        await end.next()
    }

    private func hear() async throws {
        guard let piece = await pieces.next() else { throw ConnectionEnded(heard: heard) }
        heard += piece.readableBytesView
    }

    private func take(_ count: Int) -> [UInt8] {
        let taken = Array(heard.prefix(count))
        heard.removeFirst(count)
        return taken
    }

    struct ConnectionEnded: Error {
        var heard: [UInt8]
    }
}

/// Puts what arrives into mailboxes.
private final class RawHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    struct Boxes: Sendable {
        let pieces = Mailbox<ByteBuffer>()
        let end = Mailbox<RawConnection.End>()
    }

    private let boxes: Boxes
    private let greeting: String?
    private var isReset = false

    init(_ boxes: Boxes, greeting: String? = nil) {
        self.boxes = boxes
        self.greeting = greeting
    }

    func channelActive(context: ChannelHandlerContext) {
        if let greeting { context.channel.writeAndFlush(ByteBuffer(string: greeting), promise: nil) }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        boxes.pieces.put(unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { end(.endOfStream) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(isReset ? .reset : .endOfStream)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isReset = true
        context.close(promise: nil)
    }

    private func end(_ end: RawConnection.End) {
        boxes.end.put(end)
        boxes.end.close()
        boxes.pieces.close()
    }
}
