import NIOCore

/// What a session sends, and how.
struct StreamPlan: Sendable {
    /// The `start` message.
    var start: String
    var audio: WAVReader
    /// Frames in one binary message.
    var chunkFrames: Int
    /// Between two messages; `nil` sends as fast as they are taken.
    var interval: TimeAmount?
    /// From the handshake to `ready`.
    var readyTimeout = TimeAmount.seconds(10)
    /// The longest silence after `eos`.
    var drainTimeout = TimeAmount.seconds(30)

    /// Chunks of this length, one frame at least.
    init(start: String, audio: WAVReader, chunk: Duration, pacing: Pacing) {
        self.start = start
        self.audio = audio
        let rate = audio.format.sampleRate
        // A file may claim any rate; more frames than it has need not be asked for.
        let frames = chunk / .nanoseconds(1) * Double(rate) / 1e9
        chunkFrames = max(1, Int(min(frames, Double(audio.remainingFrames))))
        // From the frames, not from the length asked for: that may be no whole number of frames.
        interval = pacing == .realtime ? .nanoseconds(Int64(chunkFrames) * 1_000_000_000 / Int64(rate)) : nil
    }
}
