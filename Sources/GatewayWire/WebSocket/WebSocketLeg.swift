package import NIOCore

/// One end of a WebSocket connection: frames in, frames out, close handshake. Lives in the channel's pipeline; all
/// methods belong on its event loop.
package final class WebSocketLeg: ChannelDuplexHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// Why reading is paused; it goes on when no reason is left.
    package struct Pause: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The owner said so.
        package static let owner = Pause(rawValue: 1)
        /// The leg that this one feeds does not take more.
        package static let backPressure = Pause(rawValue: 2)
        /// What is held until the upstream is ready has reached its bound.
        package static let holdBound = Pause(rawValue: 4)
        /// The peer sends faster than it may.
        package static let pace = Pause(rawValue: 8)
    }

    /// How far the connection is in its life.
    enum Phase: Equatable {
        /// Messages flow; next: any.
        case open
        /// Our close frame is out, the peer's is awaited; a relaying leg drops what else comes. Next: `finishing`,
        /// `ended`.
        case closing
        /// Nothing more is sent; the peer's end of stream is awaited, so that no reset destroys what it has not read
        /// yet. Next: `ended`.
        case finishing
        /// The channel is closed.
        case ended
    }

    /// What is being read of the frame at hand.
    enum Reading {
        case head
        case data(FrameHeader)
        case control(FrameHeader)
    }

    package let role: WebSocketRole
    let limits: WebSocketLimits
    /// How long the peer may take to answer our close frame and to end the connection.
    package var closeTimeout: TimeAmount
    /// Who is told; held until the leg has ended.
    package var owner: (any WebSocketOwner)?
    /// Where binary frames (and, of an upstream, text frames too) go as they came; `nil` delivers messages to `owner`.
    package var sink: (any FrameSink)?
    /// Whether text frames go to the sink as well as to the owner.
    package var relaysText = false

    var context: ChannelHandlerContext?
    var phase: Phase = .open
    var closeTimer: Scheduled<Void>?

    let scanner: FrameScanner
    var rules: MessageRules
    var reading: Reading = .head
    /// The first bytes of a head that came in pieces.
    var headBytes: ByteBuffer
    /// Bytes of the frame at hand that are still to come.
    var remaining = 0
    var frame = FrameSlices()
    var run = FrameRun()
    var message = ByteBuffer()
    /// Whether the frames of the message at hand go to the sink.
    var isMessageRelayed = false
    /// Whether the message at hand has outgrown what is reported.
    var isTooBigToReport = false
    var utf8 = UTF8Validator()
    var control = ByteBuffer()

    /// What arrived before anybody knew of the leg; `nil` once it is started.
    private var heldInput: ByteBuffer?
    private var hasEndedEarly = false
    var pauses: Pause = []
    var isReadWithheld = false
    /// The answer to the latest ping, kept while the peer does not take bytes (RFC 6455 §5.5.3).
    var pendingPong: ByteBuffer?
    var isFlushNeeded = false
    /// When the outbound buffer went over its high mark.
    package internal(set) var blockedSince: NIODeadline?
    /// Whether anything arrived since this was last cleared; liveness is judged by it.
    package private(set) var hasReceivedBytes = false
    /// Whether the leg was not read for some time since this was last cleared.
    package private(set) var wasPaused = false

    package init(role: WebSocketRole, limits: WebSocketLimits) {
        self.role = role
        self.limits = limits
        self.closeTimeout = limits.closeTimeout
        self.scanner = FrameScanner(expectsMask: role == .server)
        self.rules = MessageRules(limits: limits)
        self.headBytes = ByteBuffer()
    }

    /// The event loop that everything here runs on; only valid once the leg stands in a pipeline.
    package var eventLoop: any EventLoop {
        guard let context else { preconditionFailure("the leg is in no pipeline") }
        return context.eventLoop
    }

    /// Whether the outbound buffer is below its high mark.
    package var isWritable: Bool { context?.channel.isWritable ?? true }
    /// Whether messages can still be sent.
    package var isOpen: Bool { phase == .open && context != nil }
    /// The peer's address.
    package var remoteAddress: SocketAddress? { context?.remoteAddress }

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        // Of a channel that was closed before the leg stood in it nobody tells.
        if heldInput == nil { connectionEnded() } else { hasEndedEarly = true }
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        arrived(unwrapInboundIn(data))
    }

    /// Takes bytes that came from the peer.
    func arrived(_ bytes: ByteBuffer) {
        hasReceivedBytes = true
        guard heldInput == nil else {
            heldInput?.writeImmutableBuffer(bytes)
            return
        }
        if phase == .open || phase == .closing { received(bytes) }
    }

    /// Keeps what arrives until `start`; the end of the connection too.
    func holdInput() {
        heldInput = ByteBuffer()
    }

    /// Takes what was kept, and everything as it arrives from now on.
    func start() {
        guard let input = heldInput else { return }
        heldInput = nil
        if input.readableBytes > 0 { received(input) }
        readCompleted()
        if hasEndedEarly { connectionEnded() }
    }

    private func readCompleted() {
        sink?.readCompleted(from: self)
        if isFlushNeeded { flush() }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        if heldInput == nil { readCompleted() }
        context.fireChannelReadComplete()
    }

    package func read(context: ChannelHandlerContext) {
        if pauses.isEmpty || phase != .open {
            context.read()
        } else {
            isReadWithheld = true
        }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        blockedSince = isWritable ? nil : .now()
        if isWritable, let pong = pendingPong {
            pendingPong = nil
            write(opcode: .pong, payload: pong)
            flush()
        }
        owner?.writabilityChanged(isWritable, on: self)
        context.fireChannelWritabilityChanged()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        if heldInput == nil { connectionEnded() } else { hasEndedEarly = true }
        context.fireChannelInactive()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Every error here is the connection's end: a reset, a broken TLS record.
        context.close(promise: nil)
    }

    /// Bytes that the peer does not take; 0 as long as it takes them.
    package var blockedBytes: Int {
        guard let channel = context?.channel, !channel.isWritable else { return 0 }
        return (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Whether reading is paused for one of these reasons.
    package func isReadingPaused(for reasons: Pause) -> Bool { !pauses.isDisjoint(with: reasons) }

    /// Begins a new interval for `hasReceivedBytes` and `wasPaused`.
    package func clearActivity() {
        hasReceivedBytes = false
        wasPaused = !pauses.isEmpty
    }

    /// Stops reading from the socket for this reason; the peer feels it as back-pressure.
    package func pauseReading(_ reason: Pause = .owner) {
        pauses.insert(reason)
        wasPaused = true
    }

    /// Takes the reason back; reading goes on when none is left.
    package func resumeReading(_ reason: Pause = .owner) {
        pauses.remove(reason)
        readWithheld()
    }

    func readWithheld() {
        guard isReadWithheld, pauses.isEmpty || phase != .open else { return }
        isReadWithheld = false
        context?.read()
    }
}
