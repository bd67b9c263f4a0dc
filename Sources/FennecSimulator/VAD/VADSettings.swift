/// The `vad` object of a `start`, with what the stand-in assumes for keys that are absent.
package struct VADSettings: Sendable, Equatable {
    /// Speech probability that a frame must reach, 0 to 1.
    package var threshold = 0.5
    /// Silence that ends an utterance, in milliseconds.
    package var minSilence = 800
    /// Audio kept from before speech began, in milliseconds.
    package var speechPad = 200
    /// Silence appended, and so waited for, before transcription, in seconds.
    package var finalSilence = 0.0
    /// Continuous speech that begins an utterance, in milliseconds.
    package var startTrigger = 36
    /// Voiced audio below which an utterance is dropped, in milliseconds.
    package var minVoiced = 100
    /// Characters below which a transcript is dropped.
    package var minCharacters = 1
    /// Words below which a transcript is dropped.
    package var minWords = 1
    /// How long sound below the threshold may extend an utterance, in milliseconds.
    package var soundExtension = 0
    /// Length at which an utterance is finalised without a pause, in milliseconds; 0 means never.
    package var forceDecode = 0
    /// Whether diagnostic messages are sent.
    package var debug = false
    /// Whether `vad` and `utterance` events are sent.
    package var events = false
    /// `vad` events a second besides those at changes; 0 for none.
    package var eventRate = 0

    package init() {}
}
