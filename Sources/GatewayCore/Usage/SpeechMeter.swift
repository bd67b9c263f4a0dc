/// Measures how much of the audio is speech, where the upstream's events tell. `vad` events go first, `utterance`
/// events stand in when there are none; without either nothing is known.
package struct SpeechMeter: Sendable, Equatable {
    private enum Source: Sendable, Equatable {
        case utterance, vad
    }

    private var source: Source?
    private var isSpeech = false
    private var since = 0.0
    private var seconds = 0.0

    package init() {}

    /// An event came when the session had received this much audio.
    /// - Parameter position: In seconds, never less than before.
    package mutating func received(_ kind: ServerMessage.Kind, at position: Double) {
        switch kind {
        case .vadEvent(let state?): take(.vad, isSpeech: Self.speechStates.contains(state), at: position)
        case .utteranceEvent(let phase?):
            guard source != .vad, let isSpeech = Self.phases[phase] else { return }
            take(.utterance, isSpeech: isSpeech, at: position)
        default: break
        }
    }

    /// Seconds of speech in `position` seconds of audio; `nil` when no event ever told.
    package func speech(at position: Double) -> Double? {
        guard source != nil else { return nil }
        return min(position, seconds + (isSpeech ? max(0, position - since) : 0))
    }

    private mutating func take(_ source: Source, isSpeech: Bool, at position: Double) {
        if self.source != source {
            self = SpeechMeter()
            self.source = source
        }
        if self.isSpeech { seconds += max(0, position - since) }
        self.isSpeech = isSpeech
        since = position
    }

    /// The vendor documents no names; these are what public programs look for.
    private static let speechStates: Set<String> = ["speech", "speaking", "voice", "active", "start", "speech_start"]
    private static let phases = [
        "start": true, "begin": true, "started": true, "end": false, "stop": false, "ended": false, "final": false,
        "dropped": false,
    ]
}
