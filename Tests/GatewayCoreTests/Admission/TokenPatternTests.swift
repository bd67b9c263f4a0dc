import GatewayCore
import Testing

@Suite("What rules want of JWTs")
struct TokenPatternTests {
    private static func token() throws -> VerifiedToken {
        let text = """
            {"iss":"i","aud":["a","b"],"exp":9999999999,"sub":"u","role":"admin","groups":["x","team-1"],"level":3,"ok":true,
            "realm":{"roles":["editor"]},"nested":[["deep"]]}
            """
        let claims = try #require(try JSONValue(parsing: text.utf8).object)
        return try VerifiedToken(
            claims, of: IssuerSettings(issuer: "i", audiences: ["a"], keys: .file(path: "/k")), now: 0)
    }

    private static func pattern(
        _ issuers: [String]? = nil, _ audiences: [String]? = nil, _ claims: [String: [String]] = [:]
    ) -> TokenPattern {
        TokenPattern(
            issuers: issuers, audiences: audiences,
            claims: claims.map { TokenPattern.Claim($0, $1.map(NameGlob.init)) })
    }

    @Test(
        "issuer, audience and every claim must hold",
        arguments: [
            (nil, nil, [:], true), (["i"], nil, [:], true), (["j"], nil, [:], false), (["j", "i"], ["b"], [:], true),
            (nil, ["c"], [:], false), (nil, nil, ["role": ["admin"]], true),
            (nil, nil, ["role": ["user", "ad*"]], true),
            (nil, nil, ["role": ["Admin"]], false), (nil, nil, ["groups": ["team-*"]], true),
            (nil, nil, ["groups": ["team-2"]], false), (nil, nil, ["level": ["3"]], true),
            (nil, nil, ["ok": ["true"]], true), (nil, nil, ["realm.roles": ["editor"]], true),
            (nil, nil, ["realm": ["*"]], false), (nil, nil, ["missing": ["*"]], false),
            (nil, nil, ["nested": ["deep"]], false), (nil, nil, ["role": ["admin"], "level": ["4"]], false),
        ] as [([String]?, [String]?, [String: [String]], Bool)])
    func matches(issuers: [String]?, audiences: [String]?, claims: [String: [String]], fits: Bool) throws {
        #expect(try Self.pattern(issuers, audiences, claims).matches(Self.token()) == fits)
    }

    @Test("one covers another that means no other tokens")
    func covers() {
        let any = Self.pattern()
        let narrow = Self.pattern(["i"], ["a"], ["role": ["admin"], "level": ["3"]])
        #expect(any.covers(narrow) && !narrow.covers(any) && narrow.covers(narrow))
        #expect(Self.pattern(["i", "j"], nil, ["role": ["*"]]).covers(narrow))
        #expect(!Self.pattern(["j"]).covers(narrow) && !Self.pattern(nil, nil, ["other": ["*"]]).covers(narrow))
    }

    @Test("people read them")
    func words() {
        #expect("\(Self.pattern())" == "any")
        #expect("\(Self.pattern(["i"], ["a", "b"], ["role": ["x", "y"]]))" == "of i, for a or b, role x or y")
    }
}
