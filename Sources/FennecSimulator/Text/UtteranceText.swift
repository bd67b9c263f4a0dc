/// Words about an utterance when nothing knows what was said.
enum UtteranceText {
    /// Its number, length, place and loudness.
    static func description(of utterance: Utterance, sampleRate: Int) -> String {
        let length = seconds(utterance.end - utterance.start, sampleRate)
        let start = seconds(utterance.start, sampleRate)
        let loudness = Int(utterance.loudness.rounded())
        return "utterance \(utterance.number), \(length) s long, starting at \(start) s, \(loudness) dBFS"
    }

    /// Whether the text passes `min_chars` and `min_words`; an empty one never does.
    static func counts(_ text: String, _ settings: VADSettings) -> Bool {
        !text.isEmpty && text.count >= settings.minCharacters
            && text.split(whereSeparator: \.isWhitespace).count >= settings.minWords
    }

    private static func seconds(_ samples: Int, _ sampleRate: Int) -> String {
        let hundredths = (samples * 100 + sampleRate / 2) / sampleRate
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
