import Testing

@testable import FennecUpstream

@Suite("A token")
struct UpstreamTokenTests {
    @Test(
        "knows when it expires if it is a JWT that says so",
        arguments: [
            // Payloads: {"exp":1700000000}, {"exp":1700000000.75,"sub":"é?>"}, {"sub":"x"}, {"exp":"soon"}, {"exp":-1}
            ("e30.eyJleHAiOjE3MDAwMDAwMDB9.sig", 1_700_000_000),
            ("e30.eyJleHAiOjE3MDAwMDAwMDAuNzUsInN1YiI6IsOpPz4ifQ.sig", 1_700_000_000),
            ("e30.eyJzdWIiOiJ4In0.sig", nil), ("e30.eyJleHAiOiJzb29uIn0.sig", nil), ("e30.eyJleHAiOi0xfQ.sig", nil),
            ("opaque", nil), ("a.b.c", nil), ("e30.eyJleHAiOjE3MDAwMDAwMDB9", nil), ("..", nil),
            ("e30.eyJleHAiOjE3MDAwMDAwMDB9=.sig", nil),
        ] as [(String, Int64?)])
    func expiry(text: String, expected: Int64?) throws {
        #expect(try #require(UpstreamToken(text)).expiresAt == expected)
    }

    @Test("stands in a query with all but the unreserved bytes encoded")
    func query() throws {
        let token = try #require(UpstreamToken("aZ09-._~+/=&?#%"))
        #expect(token.withQueryValue { $0 } == "aZ09-._~%2B%2F%3D%26%3F%23%25")
    }

    @Test("has no room for what could break out of a request", arguments: ["a b", "a\r\nX: 1", "\u{0}", "\u{7F}", "é"])
    func breakingOut(text: String) {
        #expect(UpstreamToken(text) == nil)
    }

    @Test("is neither empty nor endless")
    func size() {
        #expect(UpstreamToken("") == nil)
        #expect(UpstreamToken(String(repeating: "t", count: UpstreamToken.longest)) != nil)
        #expect(UpstreamToken(String(repeating: "t", count: UpstreamToken.longest + 1)) == nil)
    }

    @Test("prints as <redacted>, in an outcome too")
    func redaction() throws {
        let token = try #require(UpstreamToken("zq-token"))
        let outcome = MintOutcome.token(token, milliseconds: 1)
        var dumped = ""
        dump(outcome, to: &dumped)
        for text in ["\(token)", String(reflecting: token), "\(outcome)", String(reflecting: outcome), dumped] {
            #expect(!text.contains("zq-token"))
            #expect(text.contains("<redacted>"))
        }
    }
}
