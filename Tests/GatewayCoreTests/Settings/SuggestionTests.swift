import GatewayCore
import Testing

@Suite("Suggestion")
struct SuggestionTests {
    private static let known = [
        "listeners", "admin", "upstream", "access", "api_key", "token_url", "stream_url", "log",
    ]

    @Test(
        "a misspelt name finds the one it meant",
        arguments: [
            ("listener", "listeners"), ("admn", "admin"), ("upsteram", "upstream"), ("acess", "access"),
            ("api-key", "api_key"), ("apikey", "api_key"), ("Token_URL", "token_url"), ("steam_url", "stream_url"),
            ("logs", "log"), ("lgo", "log"),
        ])
    func misspelt(name: String, meant: String) {
        #expect(Suggestion.nearest(to: name, among: Self.known) == meant)
    }

    @Test("what is near to nothing gets no suggestion", arguments: ["", "x", "policies", "zzzzzz", "ab"])
    func unlike(name: String) {
        #expect(Suggestion.nearest(to: name, among: Self.known) == nil)
    }

    @Test("the first of equally near names is taken")
    func firstOfEquals() {
        #expect(Suggestion.nearest(to: "vax", among: ["vad", "vat"]) == "vad")
    }

    @Test("nothing is suggested among nothing, nor for a name too long to compare")
    func bounds() {
        #expect(Suggestion.nearest(to: "log", among: []) == nil)
        let long = String(repeating: "a", count: 65)
        #expect(Suggestion.nearest(to: long, among: [long + "b"]) == nil)
    }
}
