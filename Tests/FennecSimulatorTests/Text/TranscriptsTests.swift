import Testing

@testable import FennecSimulator

@Suite struct TranscriptsTests {
    @Test("The shipped texts are read")
    func shipped() throws {
        #expect(try SpeechFixture.transcripts().entries.map(\.text) == SpeechFixture.texts)
    }

    @Test(
        "Files of another shape are refused with the place",
        arguments: [
            (#"{"utterances": 1}"#, TranscriptsError.noUtterances),
            (#"{}"#, .noUtterances),
            (#"{"utterances": [{"start_s": 1, "end_s": 2}]}"#, .badUtterance(0)),
            (
                #"{"utterances": [{"start_s": 1, "end_s": 2, "text": "a"}, {"start_s": 3, "end_s": 2, "text": "b"}]}"#,
                .badUtterance(1)
            ),
            ("{", .notJSON(JSONError(problem: "a string is expected", offset: 1))),
        ])
    func refused(json: String, expected: TranscriptsError) {
        #expect(throws: expected) { try Transcripts(json: json.utf8) }
    }

    @Test("A missing file is named")
    func missing() {
        let missing = TranscriptsError.unreadable(FileFailure(reason: "No such file or directory"))
        #expect(throws: missing) { try Transcripts(contentsOf: "/nonexistent") }
    }
}
