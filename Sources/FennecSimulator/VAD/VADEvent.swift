/// What voice activity detection tells, each at an exact sample.
package enum VADEvent: Sendable, Equatable {
    /// Speech began or ended, or it is time for a periodic event.
    case activity(isSpeech: Bool, probability: Double, at: Int)
    /// An utterance began.
    case began(number: Int, at: Int)
    /// The utterance goes on, for another progress interval.
    case progressed(number: Int, from: Int, to: Int)
    /// An utterance ended and counts; `due` follows.
    case ended(Utterance)
    /// An utterance ended with less than `min_voiced_ms` of voice.
    case dropped(Utterance)
    /// The utterance's final silence has passed: it is time to transcribe it.
    case due(Utterance)
    /// Nothing was said for the configured pause, and all utterances were due.
    case paused(at: Int)
}
