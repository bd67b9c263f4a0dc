import GatewayCore
import Testing

@testable import GatewayConfig

@Suite("Issuers of JWTs")
struct TokensSectionTests {
    private static let good = "{ issuer: \"https://id.example\", audience: a, keys: { file: /there/jwks } }"

    private static func text(_ issuers: String, match: String = "address: loopback") -> String {
        "jwt: [\(issuers)]\naccess: [{ name: a, match: { \(match) } }]\n" + Sample.listeners + Sample.upstream
    }

    @Test("every setting arrives")
    func everySetting() throws {
        let all = """
            { issuer: "https://id.example", audience: [a, b], keys: { url: "https://id.example/jwks", refresh: 1h,
            ca_file: /there/ca }, algorithms: [ES256, EdDSA], client: email, policy: realm.policy, limits: l,
            end_sessions: true }
            """
        let match = "jwt: { issuer: \"https://id.example\", audience: b, claims: { roles: [admin, x-*], level: 3 } }"
        let settings = try Sample.read(Self.text(all, match: match))
        #expect(
            settings.issuers == [
                IssuerSettings(
                    issuer: "https://id.example", audiences: ["a", "b"],
                    keys: .url(EndpointURL(scheme: .https, host: "id.example", path: "/jwks")), caFile: "/there/ca",
                    algorithms: [.es256, .edDSA], refresh: .seconds(3600), clientClaim: "email",
                    policyClaim: "realm.policy", limitsClaim: "l", endsSessions: true)
            ])
        let claims = [
            TokenPattern.Claim("roles", [NameGlob("admin"), NameGlob("x-*")]),
            TokenPattern.Claim("level", [NameGlob("3")]),
        ]
        #expect(
            settings.access.first?.token
                == TokenPattern(issuers: ["https://id.example"], audiences: ["b"], claims: claims))
        #expect(try Sample.read(Self.text(Self.good, match: "jwt: any")).access.first?.token == TokenPattern())
        let plain = try Sample.read(Self.text(Self.good)).issuers.first
        #expect(plain?.algorithms == [.rs256, .es256] && plain?.endsSessions == false)
    }

    @Test(
        "are refused with what is wrong",
        arguments: [
            ("{}", ["issuer: is required", "audience: is required", "keys: is required"]),
            (
                "{ issuer: \"a b\", audience: a, keys: { file: /there/k } }",
                ["issuer: expected the iss of its tokens, such as https://id.example.com, without blanks and @"]
            ),
            ("{ issuer: a, audience: a, keys: {} }", ["keys: expected either file or url"]),
            (
                "{ issuer: a, audience: a, keys: { file: /there/k, refresh: 1h } }",
                ["keys.refresh: is for keys that are fetched from a url"]
            ),
            (
                "{ issuer: a, audience: a, keys: { url: \"http://id.example/jwks\" } }",
                ["keys.url: without TLS anybody on the way could put in keys of their own"]
            ),
            (
                "{ issuer: a, audience: a, keys: { file: /there/k }, algorithms: [none, HS256] }",
                [
                    "algorithms[0]: expected one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA",
                    "algorithms[1]: expected one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA "
                        + "→ RS256",
                ]
            ),
            ("{ issuer: a, audience: a, keys: { file: /gone } }", ["keys.file: there is no such file"]),
        ])
    func problems(issuer: String, expected: [String]) {
        let lines = Sample.lines(Self.text(issuer)).map { $0.split(separator: "jwt[0].", maxSplits: 1).last ?? "" }
        #expect(lines.map(String.init) == expected)
    }

    @Test(
        "rules speak of those alone that there are",
        arguments: [
            ("jwt: {}", "jwt: expected at least one of issuer, audience, claims, or the word any"),
            ("jwt: some", "jwt: expected any, or a mapping with issuer, audience, claims, found a plain word"),
            (
                "jwt: { issuer: \"https://id.exampl\" }",
                "jwt.issuer: no issuer of jwt has this name → https://id.example"
            ),
            ("jwt: { audience: b }", "jwt.audience: no issuer of jwt has this audience"),
            ("jwt: { claims: {} }", "jwt.claims: expected a mapping from claims to values, found a mapping"),
            ("jwt: { claims: { role: [] } }", "jwt.claims.role: must not be empty"),
        ])
    func rules(match: String, problem: String) {
        let lines = Sample.lines(Self.text(Self.good, match: match))
        #expect(lines.map { String($0.drop { $0 != "a" }) } == ["access[0].match." + problem])
    }

    @Test("a rule for tokens needs an issuer, and issuers come once")
    func none() {
        let alone = "access: [{ name: a, match: { jwt: any } }]\n" + Sample.listeners + Sample.upstream
        #expect(Sample.lines(alone) == ["1:35 access[0].match.jwt: no issuer is known"])
        #expect(Sample.lines(Self.text(Self.good + ", " + Self.good)).first?.contains("repeats jwt[0].issuer") == true)
    }
}
