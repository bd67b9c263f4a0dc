import GatewayWire
import NIOCore

/// One stream of a load: starts, waits for `ready`, sends timestamped messages. Belongs to one event loop.
final class LoadClient: WebSocketOwner {
    private let shape: LoadShape
    private let ready: EventLoopPromise<Void>
    private let over: EventLoopPromise<Void>
    private var leg: WebSocketLeg?
    private var task: RepeatedTask?
    private var isSending = false
    private var payload: ByteBuffer
    /// Bytes sent so far.
    private(set) var bytesSent = 0

    init(shape: LoadShape, ready: EventLoopPromise<Void>, over: EventLoopPromise<Void>) {
        self.shape = shape
        self.ready = ready
        self.over = over
        payload = ByteBuffer(repeating: 0, count: shape.messageBytes)
    }

    func opened(_ leg: WebSocketLeg) {
        self.leg = leg
        leg.send(text: #"{"type":"start","sample_rate":16000,"channels":1,"single_utterance":false}"#)
        leg.flush()
    }

    /// Sends until `finish`; the first message goes after `delay`, so that streams do not send together.
    func begin(after delay: TimeAmount) {
        guard let leg else { return }
        isSending = true
        guard shape.pace != .unpaced else { return pump(leg) }
        let bound = NIOLoopBound(self, eventLoop: leg.eventLoop)
        task = leg.eventLoop.scheduleRepeatedTask(
            initialDelay: delay, delay: .nanoseconds(shape.interval)
        ) { _ in
            bound.value.sendOne()
        }
    }

    /// Stops sending and ends the stream.
    func finish() {
        isSending = false
        task?.cancel()
        leg?.send(text: #"{"type":"eos"}"#)
        leg?.flush()
    }

    private func sendOne() {
        // A stream that is blocked skips its turn instead of queueing without bound.
        guard isSending, let leg, leg.isWritable else { return }
        write(leg)
        leg.flush()
    }

    private func pump(_ leg: WebSocketLeg) {
        guard isSending else { return }
        while leg.isWritable { write(leg) }
        leg.flush()
    }

    private func write(_ leg: WebSocketLeg) {
        payload.setInteger(NIODeadline.now().uptimeNanoseconds, at: 0, endianness: .little)
        leg.send(binary: payload)
        bytesSent += payload.readableBytes
    }

    func received(text: ByteBuffer, on leg: WebSocketLeg) {
        // Only the first promise counts, later messages change nothing.
        ready.succeed()
    }

    func received(binary: ByteBuffer, on leg: WebSocketLeg) {}

    func writabilityChanged(_ isWritable: Bool, on leg: WebSocketLeg) {
        if isWritable, shape.pace == .unpaced { pump(leg) }
    }

    func ended(_ end: WebSocketEnd, on leg: WebSocketLeg) {
        task?.cancel()
        ready.succeed()
        over.succeed()
    }
}
