package import NIOCore

/// Where a relaying leg hands frames on, exactly as they came over the wire.
package protocol FrameSink: AnyObject {
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
    package func droppedIncompleteFrame(from leg: WebSocketLeg) {}
}
