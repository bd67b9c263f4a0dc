package import NIOCore

/// Where a relaying leg hands frames on, exactly as they came over the wire.
package protocol FrameSink: AnyObject {
    /// Bytes of whole frames in order: a run of them, or one of the slices of one that came in pieces.
    func forward(_ wireBytes: ByteBuffer, from leg: WebSocketLeg)
    /// What has been forwarded since the last call; comes before any other event of the leg.
    func forwarded(_ run: FrameRun, from leg: WebSocketLeg)
    /// No more bytes for now: time to flush.
    func readCompleted(from leg: WebSocketLeg)
}

/// The count of a run of forwarded data frames.
package struct FrameRun: Sendable, Equatable {
    package var frames = 0
    /// Messages that ended in the run.
    package var messages = 0
    package var payloadBytes = 0
    /// Whether the run ends inside a fragmented message.
    package var endsInsideMessage = false

    package init() {}
}
