import Testing

@testable import fennec_gateway

struct ReceivedMessageTests {
    @Test(
        "a message is read for what it is to a client",
        arguments: [
            (#"{"type":"ready"}"#, .ready), (#"{"text":"a b"}"#, .final("a b")),
            (#"{"type":"partial","text":"a","is_final":false}"#, .partial("a")),
            (#"{"type":"complete_thought","text":"a"}"#, .remark("thought", "a")),
            (#"{"type":"corrected_transcript","text":"a"}"#, .remark("corrected", "a")),
            (#"{"type":"vad","state":"speech"}"#, .other), ("no json", .other),
            (#"{"type":"error","message":"oops"}"#, .error("the service says: oops")),
            (#"{"error":"oops"}"#, .error("the service says: oops")),
            (#"{"type":"error"}"#, .error(#"the service says: {"type":"error"}"#)),
            (
                #"{"type":"error","origin":"gateway","code":"full","message":"m","retryable":true,"retry_after_ms":20}"#,
                .error("the gateway says: m (full, try again, after 20 ms)")
            ),
            (
                #"{"type":"error","origin":"gateway","code":"killed","message":"m","retryable":false}"#,
                .error("the gateway says: m (killed, trying again is no use)")
            ),
        ] as [(String, ReceivedMessage.Content)])
    func content(text: String, content: ReceivedMessage.Content) {
        #expect(ReceivedMessage(text.utf8).content == content)
    }

    @Test(
        "every message has a line of JSON", arguments: [("{ \"a\" :\n1 }", #"{"a":1}"#), ("no\njson", #""no\njson""#)])
    func line(text: String, line: String) {
        #expect(ReceivedMessage(text.utf8).line == line)
    }
}
