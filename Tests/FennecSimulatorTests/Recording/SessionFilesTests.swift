import Glibc
import NIOCore
import Testing

@testable import FennecSimulator

@Suite struct SessionFilesTests {
    @Test("A connection leaves its start, its audio and its events, without its token")
    func files() throws {
        let directory = try SpeechFixture.temporaryDirectory()
        let names = ["0007-start.json", "0007.pcm", "0007.jsonl"].map { directory + "/" + $0 }
        defer {
            for name in names { unlink(name) }
            rmdir(directory)
        }
        let files = SessionFiles(directory: directory, number: 7)
        files.request(
            target: "/stream?streaming_token=s3cret&detect_thoughts=true",
            headers: [("Host", "x"), ("X-API-Key", "s3cret")])
        files.start(ByteBuffer(string: #"{ "type":"start" }"#))
        files.text(ByteBuffer(string: #"{ "type":"start" }"#))
        files.audio(ByteBuffer(bytes: [1, 2, 3]))
        files.audio(ByteBuffer(bytes: [4]))
        files.ended(.closed(code: 1000, reason: ""))

        let contents = try names.map { try FileBytes.read($0, limit: 10_000) }
        #expect(contents[0] == Array(#"{ "type":"start" }"#.utf8))
        #expect(contents[1] == [1, 2, 3, 4])
        let lines = contents[2].split(separator: UInt8(ascii: "\n"))
        let events = try lines.map { try JSONReader.read($0) }
        #expect(events.map { $0["event"]?.string } == ["request", "text", "audio", "audio", "end"])
        #expect(events[0]["target"]?.string == "/stream?streaming_token=(redacted)&detect_thoughts=true")
        #expect(events[0]["headers"] == [["Host", "x"], ["X-API-Key", "(redacted)"]])
        #expect(events[2]["bytes"]?.integer == 3)
        #expect(events[4]["code"]?.integer == 1000)
        #expect(!lines.contains { String(decoding: $0, as: UTF8.self).contains("s3cret") })
    }
}
