package import NIOCore

/// Where a relaying leg hands frames on, exactly as they came over the wire.
package protocol FrameSink: AnyObject {
    /// Whether a whole binary frame with so much payload may be handed on; one that may not is dropped.
    func admits(_ payloadBytes: Int, from leg: WebSocketLeg) -> Bool
    /// A frame was not admitted; what came before it has been handed on.
    func refusedFrame(from leg: WebSocketLeg)
    /// Bytes of whole frames in order: a run of them, or one of the slices of one that came in pieces. All slices of
    /// a frame come in one go, and nothing else between them.
    func forward(_ wireBytes: ByteBuffer, from leg: WebSocketLeg)
    /// What has been forwarded since the last call; comes before any other event of the leg.
    func forwarded(_ run: FrameRun, from leg: WebSocketLeg)
    /// The leg ended inside a frame: the part that came was never forwarded.
    func droppedIncompleteFrame(from leg: WebSocketLeg)
    /// No more bytes for now: time to flush.
    func readCompleted(from leg: WebSocketLeg)
}

extension FrameSink {
    package func admits(_ payloadBytes: Int, from leg: WebSocketLeg) -> Bool { true }
    package func refusedFrame(from leg: WebSocketLeg) {}
    package func droppedIncompleteFrame(from leg: WebSocketLeg) {}
}
