import Testing

@testable import FennecSimulator

@Suite struct UtteranceTextTests {
    @Test("An utterance is described by number, length, place and loudness")
    func description() {
        let utterance = Utterance(
            number: 3, start: 86_400, end: 117_120, voiced: 1500, power: 0.005, cause: .silence)
        #expect(
            UtteranceText.description(of: utterance, sampleRate: 16_000)
                == "utterance 3, 1.92 s long, starting at 5.40 s, -23 dBFS")
    }

    @Test(
        "min_chars and min_words drop shorter texts",
        arguments: [
            ("a b", 1, 1, true), ("", 0, 0, false), ("a b", 4, 1, false), ("a b", 3, 2, true), ("ab", 1, 2, false),
        ])
    func filters(text: String, characters: Int, words: Int, counts: Bool) {
        var settings = VADSettings()
        settings.minCharacters = characters
        settings.minWords = words
        #expect(UtteranceText.counts(text, settings) == counts)
    }
}
