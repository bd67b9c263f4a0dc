import Testing

@testable import FennecSimulator

@Suite struct WAVFileTests {
    @Test("The header is that of the shipped recording")
    func header() throws {
        let file = try FileBytes.read(SpeechFixture.directory + "/speech.wav", limit: 1 << 20)
        let samples = (file.count - WAVFile.headerLength) / 2
        #expect(WAVFile.header(sampleRate: 16_000, sampleCount: samples) == Array(file.prefix(44)))
        #expect(try WAVFile.bytes(sampleRate: 16_000, samples: SpeechFixture.samples()) == file)
    }

    @Test("The history gives samples by their number and forgets the oldest")
    func history() {
        var history = AudioHistory(limit: 4)
        history.append([0, 1, 2])
        #expect(history[1..<3] == [1, 2])
        history.append(Array(3..<12))
        #expect(history[9..<11] == [9, 10])
        #expect(history[0..<9] == [8])
        #expect(history[0..<3] == [])
    }
}
