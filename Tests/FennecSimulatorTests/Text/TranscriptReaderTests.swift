import Testing

@testable import FennecSimulator

@Suite struct TranscriptReaderTests {
    private let reader = TranscriptReader(
        Transcripts([
            .init(start: 1, end: 5, text: "one two three four"), .init(start: 7, end: 9, text: "five six"),
        ]))

    @Test("An utterance that covers an entry gets its text")
    func whole() {
        var reader = reader
        #expect(reader.read(from: 0.9, to: 5.1) == "one two three four")
        #expect(reader.read(from: 7.1, to: 8.8) == "five six")
    }

    @Test("The words of a divided entry are neither doubled nor lost", arguments: [1.4, 2, 2.9, 3.3, 4, 4.4])
    func divided(cut: Double) {
        var reader = reader
        let first = reader.read(from: 0.9, to: cut) ?? ""
        let second = reader.read(from: cut, to: 4.9) ?? ""
        let words = (first + " " + second).split(separator: " ").joined(separator: " ")
        #expect(words == "one two three four")
        #expect(!first.isEmpty)
    }

    @Test("The words are divided by time")
    func proportion() {
        var reader = reader
        #expect(reader.read(from: 1, to: 2.2) == "one two")
        #expect(reader.read(from: 2.6, to: 5) == "three four")
    }

    @Test("Words that were said while nothing was detected come with the next utterance of their entry")
    func missed() {
        var reader = reader
        #expect(reader.read(from: 3.5, to: 4.8) == "one two three four")
    }

    @Test("An utterance over two entries gets both texts")
    func joined() {
        var reader = reader
        #expect(reader.read(from: 1, to: 9) == "one two three four five six")
    }

    @Test("What was read before is not read again, and places without text have none")
    func absent() {
        var reader = reader
        #expect(reader.read(from: 1, to: 5) == "one two three four")
        #expect(reader.read(from: 1, to: 5) == "")
        #expect(reader.read(from: 5.1, to: 6.9) == nil)
        #expect(reader.read(from: 20, to: 30) == nil)
    }

    @Test("Peeking reads nothing")
    func peek() {
        var reader = reader
        #expect(reader.peek(from: 1, to: 2.1) == "one two")
        #expect(reader.read(from: 1, to: 5) == "one two three four")
        #expect(reader.peek(from: 1, to: 5) == "")
    }
}
