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
        /// Audio came from the client: whole frames with `payloadBytes` in all, `messages` of them ended.
        func audioPassed(_ run: FrameRun)
        /// The upstream's frames went to the client.
        func messagesPassed(_ run: FrameRun)
    }

    package let client: WebSocketLeg
    package private(set) var upstream: WebSocketLeg?
    package private(set) var gate: Gate = .holding
    package weak var observer: (any Observer)?
    /// Most payload bytes that are held before the client's reads pause.
    package var heldBytesBound: Int
    /// Whether frames are masked anew on their way up (RFC 6455 §10.3: a plain connection through intermediaries).
    private let masksAnew: Bool
    private var held = ByteBuffer()
    private var heldPayloadBytes = 0
    /// Frames that await their new keys.
    private var toMaskAnew = ByteBuffer()
    /// Whether the client's frames are dropped and counted.
    private var isShut = false
    private var isInsideMessage = false
    /// Whether the upstream's message to the client is incomplete, so that no text may be put in between.
    package private(set) var isClientInsideMessage = false
    /// Data frames dropped because the gate was shut.
    package private(set) var droppedFrames = 0
    /// Payload bytes sent on to the upstream, and to the client.
    package private(set) var bytesUp = 0
    package private(set) var bytesDown = 0

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
    }

    /// Forgets the upstream's leg.
    package func detachUpstream() {
        upstream = nil
        client.resumeReading(.backPressure)
    }

    /// Sends what was held and lets the client's frames flow.
    package func open() {
        guard gate == .holding, let upstream else { return }
        gate = .flowing
        if held.readableBytes > 0 { upstream.send(wireBytes: masksAnew ? FrameRemasking.remask(held) : held) }
        held = ByteBuffer()
        bytesUp += heldPayloadBytes
        heldPayloadBytes = 0
        client.resumeReading(.holdBound)
        applyBackPressure(of: upstream, to: client)
        upstream.flush()
    }

    /// Drops the client's frames from now on; what is held already still goes up when the gate opens.
    package func shut() {
        isShut = true
        client.resumeReading(.holdBound)
    }

    /// Puts a text message into the stream to the upstream, at its place in the order.
    package func sendUpstream(text: ByteBuffer) {
        var frames = ByteBuffer()
        if isInsideMessage {
            // The client's message will not go on: what follows is dropped.
            isInsideMessage = false
            frames = WebSocketLeg.encode(
                opcode: .continuation, payload: ByteBuffer(), maskKey: .random(in: .min ... .max))
        }
        frames.writeImmutableBuffer(
            WebSocketLeg.encode(opcode: .text, payload: text, maskKey: .random(in: .min ... .max)))
        switch gate {
        case .holding: hold(frames)
        case .flowing:
            upstream?.send(wireBytes: frames)
            upstream?.flush()
        }
    }

    package func forward(_ wireBytes: ByteBuffer, from leg: WebSocketLeg) {
        guard leg === client else { return client.send(wireBytes: wireBytes) }
        guard !isShut else { return }
        switch gate {
        case .flowing where masksAnew:
            // A slice may be part of a frame; `forwarded` tells when the frames are whole.
            toMaskAnew.writeImmutableBuffer(wireBytes)
        case .flowing: upstream?.send(wireBytes: wireBytes)
        case .holding: hold(wireBytes)
        }
    }

    package func forwarded(_ run: FrameRun, from leg: WebSocketLeg) {
        guard leg === client else {
            bytesDown += run.payloadBytes
            isClientInsideMessage = run.endsInsideMessage
            observer?.messagesPassed(run)
            return
        }
        guard !isShut else {
            droppedFrames += run.frames
            return
        }
        isInsideMessage = run.endsInsideMessage
        if toMaskAnew.readableBytes > 0 {
            upstream?.send(wireBytes: FrameRemasking.remask(toMaskAnew))
            toMaskAnew = ByteBuffer()
        }
        if gate == .flowing { bytesUp += run.payloadBytes } else { heldPayloadBytes += run.payloadBytes }
        observer?.audioPassed(run)
    }

    package func readCompleted(from leg: WebSocketLeg) {
        let sink = leg === client ? upstream : client
        sink?.flush()
    }

    /// Told by the owner of a leg that its outbound buffer filled or drained.
    package func writabilityChanged(of leg: WebSocketLeg) {
        if leg === client {
            if let upstream { applyBackPressure(of: client, to: upstream) }
        } else if gate == .flowing {
            applyBackPressure(of: leg, to: client)
        }
    }

    private func applyBackPressure(of slow: WebSocketLeg, to source: WebSocketLeg) {
        if slow.isWritable { source.resumeReading(.backPressure) } else { source.pauseReading(.backPressure) }
    }

    private func hold(_ frames: ByteBuffer) {
        held.writeImmutableBuffer(frames)
        if held.readableBytes >= heldBytesBound, !isShut { client.pauseReading(.holdBound) }
    }
}
