import Testing

@testable import fennec_gateway

struct StreamURLTests {
    @Test(
        "the ticket stands in the query, encoded, behind what is there",
        arguments: [
            ("ws://h/s", nil, "/s"), ("ws://h", nil, "/"), ("wss://h:1/s?a=1", nil, "/s?a=1"),
            ("ws://h/s", "t-._~1", "/s?streaming_token=t-._~1"),
            ("ws://h/s?a=1", "a b&c", "/s?a=1&streaming_token=a%20b%26c"),
        ] as [(String, String?, String)])
    func target(text: String, ticket: String?, target: String) throws {
        #expect(try StreamURL(text).pathAndQuery(ticket: ticket) == target)
    }

    @Test(
        "what is no URL of a stream is refused in words",
        arguments: [
            ("not a url", "expected a URL"), ("", "expected a URL"), ("ftp://h/", "expected a URL"),
            ("ws://u@h/", "expected a URL"), ("ws://h/#f", "expected a URL"), ("ws://h:0/", "expected a URL"),
            ("https://h:8/x", "did you mean wss://h:8…?"), ("http://h/x", "did you mean ws://h…?"),
            ("ws://h/?a b", "percent-encoded"), ("ws://h/?a#b", "percent-encoded"),
        ])
    func wrong(text: String, words: String) {
        let problem = #expect(throws: ArgumentProblem.self) { try StreamURL(text) }
        #expect(problem?.description.contains(words) == true)
    }
}
