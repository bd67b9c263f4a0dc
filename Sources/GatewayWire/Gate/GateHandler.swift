import NIOCore

/// Holds a new connection's bytes until its gate has judged them; then it lets the connection begin and leaves.
final class GateHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let gate: any ConnectionGate
    private let timeout: TimeAmount
    private let begin: (ProxyAnnouncement) throws -> Void
    private var collected = ByteBuffer()
    private var isOver = false
    private var timer: Scheduled<Void>?

    /// - Parameters:
    ///   - timeout: How long the header may take.
    ///   - begin: Puts the handlers of the connection behind this one.
    init(_ gate: any ConnectionGate, timeout: TimeAmount, begin: @escaping (ProxyAnnouncement) throws -> Void) {
        self.gate = gate
        self.timeout = timeout
        self.begin = begin
    }

    func handlerAdded(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { self.giveUp(.timedOut, context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        var piece = unwrapInboundIn(data)
        collected.writeBuffer(&piece)
        switch gate.judge(collected.readableBytesView, from: context.remoteAddress) {
        case .wait: break
        case .close: end(context)
        case .pass(let byteCount, let announcement): pass(byteCount, announcement, context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isOver { giveUp(.ended, context) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isOver { context.fireErrorCaught(error) } else { giveUp(.ended, context) }
    }

    private func pass(_ byteCount: Int, _ announcement: ProxyAnnouncement, _ context: ChannelHandlerContext) {
        isOver = true
        collected.moveReaderIndex(forwardBy: byteCount)
        do {
            try begin(announcement)
        } catch {
            return context.close(promise: nil)
        }
        if collected.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(collected)) }
        context.fireChannelReadComplete()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    private func giveUp(_ reason: GateFailure, _ context: ChannelHandlerContext) {
        guard !isOver else { return }
        gate.gaveUp(on: context.remoteAddress, reason, hasBegun: collected.readableBytes > 0)
        end(context)
    }

    private func end(_ context: ChannelHandlerContext) {
        isOver = true
        collected.clear()
        context.close(promise: nil)
    }
}
