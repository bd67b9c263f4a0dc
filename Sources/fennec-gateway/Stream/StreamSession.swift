import GatewayWire
import NIOCore

/// Our own client's side of one session: start, audio, `eos`, and what comes back. Lives on its leg's event loop.
final class StreamSession: WebSocketOwner {
    /// How far the session is.
    private enum Phase {
        /// `start` is out. Next: `sending`, `ended`.
        case awaitingReady
        /// Audio goes out. Next: `draining`, `ended`.
        case sending
        /// `eos` is out. Next: `ended`.
        case draining
        case ended
    }

    /// Bytes that are sent at most before what came in is looked at.
    private static let burst = 256 << 10

    private let plan: StreamPlan
    private let printer: StreamPrinter
    private let promise: EventLoopPromise<StreamOutcome>
    private var audio: WAVReader
    private var outcome = StreamOutcome()
    private var phase = Phase.awaitingReady
    private var deadline: Scheduled<Void>?
    private var nextChunk: Scheduled<Void>?
    private var begun = NIODeadline.now()
    private var sendingSince = NIODeadline.now()
    private var chunksSent: Int64 = 0

    init(_ plan: StreamPlan, printer: StreamPrinter, promise: EventLoopPromise<StreamOutcome>) {
        self.plan = plan
        self.printer = printer
        self.promise = promise
        audio = plan.audio
    }

    /// Sends `start`.
    func begin(_ leg: WebSocketLeg) {
        guard phase == .awaitingReady else { return }
        begun = .now()
        leg.send(text: plan.start)
        leg.flush()
        giveUp(on: leg, after: plan.readyTimeout, as: .neverReady)
    }

    func received(text: ByteBuffer, on leg: WebSocketLeg) {
        let message = ReceivedMessage(text.readableBytesView)
        printer.show(message)
        switch message.content {
        case .ready where outcome.readyAfter == nil:
            outcome.readyAfter = .nanoseconds((NIODeadline.now() - begun).nanoseconds)
            if phase == .awaitingReady { startSending(on: leg) }
        case .final(let text): outcome.finals.append(text)
        case .error: outcome.errors += 1
        case .ready, .partial, .remark, .other: break
        }
        if phase == .draining { giveUp(on: leg, after: plan.drainTimeout, as: .neverClosed) }
    }

    /// The service sends none.
    func received(binary: ByteBuffer, on leg: WebSocketLeg) {}

    func writabilityChanged(_ isWritable: Bool, on leg: WebSocketLeg) {
        if isWritable { sendDue(on: leg) }
    }

    func ended(_ end: WebSocketEnd, on leg: WebSocketLeg) {
        if phase != .ended { outcome.end = .leg(end) }
        phase = .ended
        deadline?.cancel()
        nextChunk?.cancel()
        promise.succeed(outcome)
    }

    private func giveUp(on leg: WebSocketLeg, after time: TimeAmount, as end: StreamOutcome.End) {
        deadline?.cancel()
        deadline = leg.eventLoop.assumeIsolated().scheduleTask(in: time) { self.stop(leg, as: end) }
    }

    private func stop(_ leg: WebSocketLeg, as end: StreamOutcome.End) {
        guard phase != .ended else { return }
        phase = .ended
        outcome.end = end
        leg.close(code: 1000)
    }

    private func startSending(on leg: WebSocketLeg) {
        deadline?.cancel()
        phase = .sending
        sendingSince = .now()
        sendDue(on: leg)
    }

    /// Sends what is due and taken, then waits for the time of the next chunk or for the leg to take more.
    private func sendDue(on leg: WebSocketLeg) {
        nextChunk?.cancel()
        var bytes = 0
        while phase == .sending, leg.isWritable {
            let due = dueTime
            guard due <= .now(), bytes < Self.burst else { return resume(on: leg, at: due) }
            bytes += sendChunk(on: leg)
        }
    }

    private func resume(on leg: WebSocketLeg, at time: NIODeadline) {
        nextChunk = leg.eventLoop.assumeIsolated().scheduleTask(deadline: time) { self.sendDue(on: leg) }
    }

    /// A microphone has a chunk when it is over.
    private var dueTime: NIODeadline {
        plan.interval.map { sendingSince + .nanoseconds($0.nanoseconds * (chunksSent + 1)) } ?? sendingSince
    }

    /// Sends the next chunk, or `eos` when there is none; how many bytes it has.
    private func sendChunk(on leg: WebSocketLeg) -> Int {
        do throws(WAVError) {
            let chunk = try audio.read(frames: plan.chunkFrames)
            guard !chunk.isEmpty else {
                sendEnd(on: leg)
                return 0
            }
            leg.send(binary: ByteBuffer(bytes: chunk))
            leg.flush()
            chunksSent += 1
            outcome.framesSent += chunk.count / (2 * audio.format.channels)
            return chunk.count
        } catch {
            stop(leg, as: .unreadable(error))
            return 0
        }
    }

    private func sendEnd(on leg: WebSocketLeg) {
        phase = .draining
        leg.send(text: #"{"type":"eos"}"#)
        leg.flush()
        giveUp(on: leg, after: plan.drainTimeout, as: .neverClosed)
    }
}
