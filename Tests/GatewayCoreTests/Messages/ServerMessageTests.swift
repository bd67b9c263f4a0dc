import GatewayCore
import Testing

@Suite("Server messages")
struct ServerMessageTests {
    @Test(
        "the kind is told by type, is_final and text",
        arguments: [
            (#"{"type":"ready"}"#, .ready), (#"{"type":"ready","session":"x"}"#, .ready), (#"{"text":"a"}"#, .final),
            (#"{"text":"a","is_final":true}"#, .final), (#"{"text":"a","is_final":false}"#, .partial),
            (#"{"type":"transcript","text":"a"}"#, .final), (#"{"type":"final","text":"a"}"#, .final),
            (#"{"type":"final_transcript","text":"a"}"#, .final), (#"{"type":"partial","text":"a"}"#, .partial),
            (#"{"type":"interim","text":"a"}"#, .partial),
            (#"{"type":"transcript","text":"a","is_final":false}"#, .partial),
            (#"{"type":"partial","text":"a","is_final":true}"#, .final),
            (#"{"type":"novel","text":"a","is_final":true}"#, .final), (#"{"type":"novel","text":"a"}"#, .other),
            (#"{"type":"debug","text":"a"}"#, .other), (#"{"type":"debug","text":"a","is_final":true}"#, .other),
            (#"{"type":"complete_thought","text":"a"}"#, .thought),
            (#"{"type":"corrected_transcript","text":"a"}"#, .corrected),
            (#"{"type":"vad","state":"speech"}"#, .vadEvent(state: "speech")),
            (#"{"type":"vad"}"#, .vadEvent(state: nil)),
            (#"{"type":"vad","state":"what was said"}"#, .vadEvent(state: nil)),
            (#"{"type":"utterance","phase":"end"}"#, .utteranceEvent(phase: "end")),
            (#"{"type":"error","text":"a"}"#, .error), (#"{"error":"x"}"#, .error), (#"{"error":{"code":1}}"#, .error),
            (#"{"text":"a","error":null}"#, .final), (#"{"text":null}"#, .other),
            (#"{"text":5,"is_final":true}"#, .other),
            (#"{"is_final":true}"#, .other), (#"{"type":"final"}"#, .other), ("{}", .other), ("[]", .other),
            ("ready", .other), ("", .other), (#"{"text":"a"} "#, .final), (#"{"text":"a","text":"b"}"#, .final),
        ] as [(String, ServerMessage.Kind)])
    func kinds(text: String, kind: ServerMessage.Kind) {
        #expect(ServerMessage(text.utf8).kind == kind)
    }

    @Test(
        "words are what white space separates, characters are scalars",
        arguments: [
            ("", 0, 0), (" ", 0, 1), ("one", 1, 3), (" one  two ", 2, 10), ("a\\nb\\tc", 3, 5),
            ("a\u{A0}b\u{3000}c\u{2028}d", 4, 7), ("don't stop-gap, please.", 3, 23), ("größe", 1, 5),
            ("e\u{301}", 1, 2),
            ("\\ud83d\\udc4d\\ud83c\\udffd", 1, 2), ("你好", 1, 2),
        ])
    func counts(text: String, words: Int, characters: Int) {
        let message = ServerMessage("{\"text\":\"\(text)\"}".utf8)
        #expect(message == ServerMessage(kind: .final, words: words, characters: characters))
    }

    @Test("partials, thoughts and corrections are counted, other texts are not")
    func whichCount() {
        #expect(ServerMessage(#"{"type":"partial","text":"a b"}"#.utf8).words == 2)
        #expect(ServerMessage(#"{"type":"complete_thought","text":"a b"}"#.utf8).words == 2)
        #expect(ServerMessage(#"{"type":"corrected_transcript","text":"a b"}"#.utf8).characters == 3)
        #expect(ServerMessage(#"{"type":"debug","text":"a b"}"#.utf8).words == 0)
        #expect(ServerMessage(#"{"type":"error","text":"a b"}"#.utf8).characters == 0)
        #expect(ServerMessage(#"{"type":"complete_thought"}"#.utf8) == ServerMessage(kind: .thought))
    }

    @Test("bytes that are not UTF-8 are other")
    func invalidUTF8() {
        #expect(ServerMessage([0x7B, 0xFF, 0x7D]).kind == .other)
    }
}
