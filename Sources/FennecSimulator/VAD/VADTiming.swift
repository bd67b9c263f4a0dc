/// How a stream is divided into frames, and how often its state is told.
package struct VADTiming: Sendable, Equatable {
    /// Length of a frame.
    package static let frameMilliseconds = 10

    /// Samples a second.
    package var sampleRate: Int
    /// From one `progressed` to the next, in milliseconds; 0 for none.
    package var progress = 0
    /// Silence after which `paused` is told, in milliseconds; 0 for never.
    package var pause = 0

    package init(sampleRate: Int) { self.sampleRate = sampleRate }

    /// Samples in a frame.
    var frameSamples: Int { max(1, sampleRate * Self.frameMilliseconds / 1000) }

    /// Frames that cover `milliseconds`, at most a day's.
    func frames(_ milliseconds: Int) -> Int {
        (min(milliseconds, 86_400_000) + Self.frameMilliseconds - 1) / Self.frameMilliseconds
    }
}
