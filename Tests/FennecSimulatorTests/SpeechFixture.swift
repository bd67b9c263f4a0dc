import Glibc
import Testing

@testable import FennecSimulator

/// The shipped recording.
enum SpeechFixture {
    static let directory =
        "\(#filePath)".split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Fixtures/audio"
    static let texts = [
        "he was not an ill disposed young man",
        "unless to be rather cold hearted and rather selfish is to be ill disposed",
        "he might even have been made amiable himself",
    ]

    static func transcripts() throws -> Transcripts { try Transcripts(contentsOf: directory + "/speech.json") }

    /// The PCM bytes.
    static func pcm() throws -> [UInt8] {
        let file = try FileBytes.read(directory + "/speech.wav", limit: 1 << 20)
        return Array(file.dropFirst(WAVFile.headerLength))
    }

    static func samples() throws -> [Int16] {
        let bytes = try pcm()
        return stride(from: 0, to: bytes.count - 1, by: 2).map {
            Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
        }
    }

    /// The recording as binary messages.
    static func lines(chunk: Int = 3200) throws -> [ScriptedClient.Line] {
        let pcm = try pcm()
        return stride(from: 0, to: pcm.count, by: chunk).map { .audio(Array(pcm[$0..<min($0 + chunk, pcm.count)])) }
    }

    /// A directory of its own for a test, to be removed by it.
    static func temporaryDirectory() throws -> String {
        var template = Array("/tmp/fennec-simulator-test-XXXXXX".utf8CString)
        let path = try #require(mkdtemp(&template))
        return String(cString: path)
    }
}
