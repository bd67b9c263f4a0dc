/// The count of a run of forwarded data frames.
package struct FrameRun: Sendable, Equatable {
    package var frames = 0
    /// Messages that ended in the run.
    package var messages = 0
    package var payloadBytes = 0
    /// Whether the run ends inside a fragmented message.
    package var endsInsideMessage = false

    package init() {}

    /// Counts one more frame.
    mutating func count(_ header: FrameHeader) {
        frames += 1
        payloadBytes += header.payloadLength
        endsInsideMessage = !header.isFinal
        if header.isFinal { messages += 1 }
    }
}
