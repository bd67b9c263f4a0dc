import GatewayCore
import NIOHTTP1
import Testing

@testable import GatewayServer

@Suite("Credentials of requests")
struct RequestCredentialTests {
    private static func bearer(_ text: String) -> String { "bearer." + Base64URL.encode(Array(text.utf8)) }

    private static func credential(_ query: String?, _ headers: [(String, String)]) -> RequestCredential {
        RequestCredential.of(request(query: query, HTTPHeaders(headers)))
    }

    /// The words for a malformed one.
    private static func complaint(_ query: String?, _ headers: [(String, String)]) -> String? {
        if case .malformed(let words) = credential(query, headers) { words } else { nil }
    }

    @Test(
        "what stands at streaming_token is a ticket, whatever it looks like",
        arguments: [
            ("streaming_token=fgt_abc", "fgt_abc"), ("streaming_token=fgt_a-b_c", "fgt_a-b_c"),
            ("streaming_token=fgt_a%2Db%5fc", "fgt_a-b_c"), ("streaming_token=eyJh.eyJz.c2ln", "eyJh.eyJz.c2ln"),
            ("streaming_token=other", "other"), ("streaming_token=a=b", "a=b"), ("streaming_token=a+b", "a+b"),
            ("detect_thoughts=true&streaming_token=fgt_abc", "fgt_abc"), ("&&streaming_token=fgt_abc&", "fgt_abc"),
            ("streaming_token=&streaming_token=fgt_abc", "fgt_abc"), ("streaming_token=%FF", "?"),
        ])
    func query(query: String, ticket: String) {
        #expect(Self.credential(query, []) == .ticket(ticket))
    }

    @Test(
        "a query without a token is no credential",
        arguments: [
            nil, "", "&", "=", "streaming_token", "streaming_token=", "Streaming_Token=fgt_abc", "token=fgt_abc",
            "xstreaming_token=fgt_abc", "x=streaming_token=fgt_abc", "detect_thoughts=true", "gateway_events=1",
        ])
    func noQuery(query: String?) {
        #expect(Self.credential(query, []) == .none)
    }

    @Test("api_key in the query is refused", arguments: ["api_key=k", "api_key=", "api_key", "a=1&api_key=k&b=2"])
    func apiKeyInQuery(query: String) {
        #expect(Self.complaint(query, []) != nil)
    }

    @Test(
        "a ticket is found in each header that can carry one",
        arguments: [
            [("X-API-Key", "fgt_abc")], [("x-api-key", "fgt_abc")], [("Authorization", "Bearer fgt_abc")],
            [("authorization", "bearer fgt_abc")], [("Authorization", "BEARER fgt_abc")],
            [("Authorization", "Bearer   fgt_abc")],
            [("Sec-WebSocket-Protocol", "fennec.v1, \(bearer("fgt_abc"))")],
            [("Sec-WebSocket-Protocol", "\(bearer("fgt_abc")),fennec.v1")],
            [("Sec-WebSocket-Protocol", "fennec.v1"), ("Sec-WebSocket-Protocol", bearer("fgt_abc"))],
            [("Sec-WebSocket-Protocol", "other, fennec.v1 , \(bearer("fgt_abc")), more")],
            [("X-API-Key", "sk_someone"), ("Authorization", "Bearer fgt_abc")],
            [("Authorization", "Basic dTpw"), ("X-API-Key", "fgt_abc")],
        ])
    func headers(headers: [(String, String)]) {
        #expect(Self.credential(nil, headers) == .ticket("fgt_abc"))
    }

    @Test(
        "what does not have a ticket's form in a header is nobody's credential",
        arguments: [
            [("X-API-Key", "sk_live_1234")], [("X-API-Key", "")], [("X-API-Key", "FGT_abc")],
            [("X-API-Key", " fgt_abc")], [("Authorization", "Bearer eyJh.eyJz.c2ln")], [("Authorization", "fgt_abc")],
            [("Authorization", "Basic fgt_abc")], [("Authorization", "Bearer")], [("Authorization", "Bearer ")],
            [("Authorization", "Bearerfgt_abc")], [("Sec-WebSocket-Protocol", "fennec.v1")],
            [("Sec-WebSocket-Protocol", "other")], [("Sec-WebSocket-Protocol", "fennec.v1, bearer.")],
            [("Sec-WebSocket-Protocol", "fennec.v1, bearer.fgt_abc")],
            [("Sec-WebSocket-Protocol", "fennec.v1, bearer.eyJh.eyJz.c2ln")],
            [("Sec-WebSocket-Protocol", "fennec.v1, \(bearer("fgt_a"))=")],
            [("Sec-WebSocket-Protocol", "fennec.v1, bearer.\(Base64URL.encode([0x66, 0x67, 0x74, 0x5F, 0xFF]))")],
            [("Cookie", "streaming_token=fgt_abc")], [("X-API-Key", "fgd")], [("X-API-Key", "FGD_abc")],
        ])
    func noHeaders(headers: [(String, String)]) {
        #expect(Self.credential(nil, headers) == .none)
    }

    @Test(
        "a device token is found in each header, and a URL is no place for one",
        arguments: [
            [("X-API-Key", "fgd_abc")], [("Authorization", "Bearer fgd_abc")],
            [("Sec-WebSocket-Protocol", "fennec.v1, \(bearer("fgd_abc"))")],
            [("X-API-Key", "sk_someone"), ("Authorization", "Bearer fgd_abc")],
        ])
    func devices(headers: [(String, String)]) {
        #expect(Self.credential(nil, headers) == .device("fgd_abc"))
        #expect(Self.complaint("streaming_token=fgd_abc", []) != nil)
        #expect(Self.complaint("streaming_token=fgt_abc", headers) != nil)
    }

    @Test(
        "bearer without the gateway's subprotocol is malformed",
        arguments: ["bearer.x", "bearer.", "other, bearer.x", "FENNEC.V1, bearer.x", "fennec.v2, bearer.x"])
    func bearerAlone(offer: String) throws {
        let words = try #require(Self.complaint(nil, [("Sec-WebSocket-Protocol", offer)]))
        #expect(words.contains("fennec.v1"))
    }

    @Test(
        "two credentials are malformed, equal ones too, and the words do not repeat them",
        arguments: [
            ("streaming_token=fgt_secret&streaming_token=fgt_other", []),
            ("streaming_token=fgt_secret", [("X-API-Key", "fgt_secret")]),
            ("streaming_token=fgt_secret", [("Authorization", "Bearer fgt_secret")]),
            ("streaming_token=x", [("Sec-WebSocket-Protocol", "fennec.v1, \(bearer("fgt_secret"))")]),
            (nil, [("X-API-Key", "fgt_secret"), ("X-API-Key", "fgt_other")]),
            (nil, [("X-API-Key", "fgt_secret"), ("Authorization", "Bearer fgt_other")]),
            (nil, [("Sec-WebSocket-Protocol", "fennec.v1, \(bearer("fgt_secret")), \(bearer("fgt_other"))")]),
        ] as [(String?, [(String, String)])])
    func two(query: String?, headers: [(String, String)]) throws {
        let words = try #require(Self.complaint(query, headers))
        #expect(!words.contains("secret"))
    }
}
