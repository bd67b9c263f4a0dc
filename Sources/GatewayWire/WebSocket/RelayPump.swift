package import NIOCore

/// The pump of one session: audio from the client's leg to the upstream's, everything from the upstream's leg to the
/// client's, with back-pressure in both directions. Both legs live on one event loop, and so does this.
package final class RelayPump: FrameSink {
    /// What happens to the client's frames.
    package enum Gate: Sendable, Equatable {
        /// Kept in order, within bounds. Next: `flowing`.
        case holding
        /// Sent on as they come.
        case flowing
    }

    /// Told of what passes; calls come on the legs' event loop.
    package protocol Observer: AnyObject {
        /// Whether a frame with so much audio may go on; asked only when the pump rations.
        func mayPass(_ payloadBytes: Int) -> Bool
        /// A frame was not let pass.
        func audioRefused()
        /// Audio came from the client: whole frames with `payloadBytes` in all, `messages` of them ended.
        func audioPassed(_ run: FrameRun)
        /// The upstream's frames went to the client.
        func messagesPassed(_ run: FrameRun)
    }

    package let client: WebSocketLeg
    package private(set) var upstream: WebSocketLeg?
    package private(set) var gate: Gate = .holding
    /// Whether the observer is asked about each of the client's frames.
    package var isRationing = false
    package weak var observer: (any Observer)?
    /// Most bytes, heads included, that are held before the client's reads pause.
    package var heldBytesBound: Int
    /// Whether frames are masked anew on their way up (RFC 6455 §10.3: a plain connection through intermediaries).
    private let masksAnew: Bool
    private var remasking = FrameRemasking()
    private var held = ByteBuffer()
    private var heldRun = FrameRun()
    /// Whether the client's frames are dropped and counted.
    private var isShut = false
    private var isInsideMessage = false
    /// Whether the client's open message was ended in its stead, so that nothing of the client's can follow.
    private var isCut = false
    /// Whether the upstream's message to the client is incomplete, so that no text may be put in between.
    package private(set) var isClientInsideMessage = false
    /// Text for the client that waits for the end of the upstream's message.
    private var insertions = CircularBuffer<ByteBuffer>()
    /// The most messages that wait there; the gateway's own are few, and what is beyond is dropped.
    package static let mostInsertions = 8
    /// The client's data frames that were not sent on: the gate was shut, the upstream gone, or a frame incomplete
    /// when the client's leg ended.
    package private(set) var droppedFrames = 0
    /// Payload bytes of the client's frames that were sent on to the upstream.
    package private(set) var bytesUp = 0
    /// Payload bytes sent on to the client.
    package private(set) var bytesDown = 0

    /// Bytes, heads included, that wait for the gate to open.
    package var heldBytes: Int { held.readableBytes }

    package init(client: WebSocketLeg, heldBytesBound: Int, masksAnew: Bool) {
        self.client = client
        self.heldBytesBound = heldBytesBound
        self.masksAnew = masksAnew
    }

    /// Takes the upstream's leg; its frames go to the client from now on.
    package func attach(upstream leg: WebSocketLeg) {
        upstream = leg
        leg.relaysText = true
        leg.sink = self
        applyBackPressure(of: client, to: leg)
    }

    /// Forgets the upstream's leg; nothing of it reaches the client any more.
    package func detachUpstream() {
        if let upstream, upstream.sink === self { upstream.sink = nil }
        upstream?.resumeReading(.backPressure)
        upstream = nil
        client.resumeReading(.backPressure)
    }

    /// Sends what was held and lets the client's frames flow.
    package func open() {
        guard gate == .holding, let upstream else { return }
        gate = .flowing
        if held.readableBytes > 0 { upstream.send(wireBytes: held) }
        bytesUp += heldRun.payloadBytes
        forgetHeld()
        applyBackPressure(of: upstream, to: client)
        upstream.flush()
    }

    /// Drops the client's frames from now on; what is held already still goes up when the gate opens.
    package func shut() {
        isShut = true
        client.resumeReading(.holdBound)
        client.resumeReading(.backPressure)
    }

    /// Puts a text message into the stream to the upstream, at its place in the order. Inside a fragmented message of
    /// the client's it ends that message first, and whatever else the client sends is dropped. Flushed when the read of
    /// the client's leg at hand is over, or by whoever calls at another time.
    package func sendUpstream(text: ByteBuffer) {
        var frames = ByteBuffer()
        if isInsideMessage, !isCut {
            isCut = true
            frames = WebSocketLeg.encode(
                opcode: .continuation, payload: ByteBuffer(), maskKey: .random(in: .min ... .max))
        }
        frames.writeImmutableBuffer(
            WebSocketLeg.encode(opcode: .text, payload: text, maskKey: .random(in: .min ... .max)))
        if gate == .holding { hold(frames) } else { upstream?.send(wireBytes: frames) }
    }

    /// Puts a text message among the upstream's to the client: at once, or where the upstream's open message ends.
    package func sendClient(text: ByteBuffer) {
        if !isClientInsideMessage { return client.send(text: text) }
        if insertions.count < Self.mostInsertions { insertions.append(text) }
    }

    package func admits(_ payloadBytes: Int, from leg: WebSocketLeg) -> Bool {
        guard isRationing, leg === client, !isDropping else { return true }
        return observer?.mayPass(payloadBytes) ?? true
    }

    package func refusedFrame(from leg: WebSocketLeg) {
        droppedFrames += 1
        observer?.audioRefused()
    }

    package func forward(_ wireBytes: ByteBuffer, from leg: WebSocketLeg) {
        if leg === upstream { return client.send(wireBytes: wireBytes) }
        guard leg === client, !isDropping else { return }
        let frames = masksAnew ? remasking.remask(wireBytes) : wireBytes
        if gate == .holding { hold(frames) } else { upstream?.send(wireBytes: frames) }
    }

    package func forwarded(_ run: FrameRun, from leg: WebSocketLeg) {
        if leg === upstream {
            bytesDown += run.payloadBytes
            isClientInsideMessage = run.endsInsideMessage
            while !isClientInsideMessage, let text = insertions.popFirst() { client.send(text: text) }
            observer?.messagesPassed(run)
        }
        guard leg === client else { return }
        guard !isDropping else {
            droppedFrames += run.frames
            return
        }
        isInsideMessage = run.endsInsideMessage
        if gate == .holding {
            heldRun.frames += run.frames
            heldRun.payloadBytes += run.payloadBytes
        } else {
            bytesUp += run.payloadBytes
        }
        observer?.audioPassed(run)
    }

    package func droppedIncompleteFrame(from leg: WebSocketLeg) {
        if leg === client { droppedFrames += 1 }
    }

    package func readCompleted(from leg: WebSocketLeg) {
        if leg === client { upstream?.flush() } else { client.flush() }
    }

    /// Told by the owner of a leg that its outbound buffer filled or drained.
    package func writabilityChanged(of leg: WebSocketLeg) {
        if leg === client {
            if let upstream { applyBackPressure(of: client, to: upstream) }
        } else if leg === upstream, gate == .flowing {
            applyBackPressure(of: leg, to: client)
        }
    }

    /// Whether the client's frames go nowhere.
    private var isDropping: Bool {
        isShut || isCut || gate == .flowing && upstream?.isOpen != true
    }

    private func applyBackPressure(of slow: WebSocketLeg, to source: WebSocketLeg) {
        if slow.isWritable { source.resumeReading(.backPressure) } else { source.pauseReading(.backPressure) }
    }

    private func hold(_ frames: ByteBuffer) {
        held.writeImmutableBuffer(frames)
        if held.readableBytes >= heldBytesBound, !isShut { client.pauseReading(.holdBound) }
    }

    private func forgetHeld() {
        held = ByteBuffer()
        heldRun = FrameRun()
        client.resumeReading(.holdBound)
    }
}

extension RelayPump.Observer {
    package func mayPass(_ payloadBytes: Int) -> Bool { true }
    package func audioRefused() {}
}
