import GatewayCore
import Testing

@Suite("What JWTs claim")
struct VerifiedTokenTests {
    private static let now = 1_800_000_000_000
    private static let second = now / 1000

    private static let issuer = IssuerSettings(
        issuer: "https://id.example", audiences: ["gateway", "other", "Kiosk"], keys: .file(path: "/k"),
        clientClaim: "user.name",
        policyClaim: "policy", limitsClaim: "https://example/limits", endsSessions: true)

    /// `CLIENT/POLICY/LIMITS`, or why not.
    private static func outcome(_ changes: [String: String?]) throws -> String {
        var members: [String: String] = [
            "iss": #""https://id.example""#, "aud": #""gateway""#, "exp": "\(second + 10)", "user": #"{"name":"u 1"}"#,
        ]
        for (name, value) in changes { members[name] = value }
        let text = "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
        let claims = try #require(try JSONValue(parsing: text.utf8).object)
        do throws(VerifiedToken.Failure) {
            let token = try VerifiedToken(claims, of: issuer, now: now)
            return "\(token.client)/\(token.policy ?? "-")/\(token.limits ?? "-")"
        } catch {
            switch error {
            case .expired: return "expired"
            case .invalid(let words): return words
            }
        }
    }

    @Test(
        "is checked: issuer, audience, times with a minute's leeway, and who it is",
        arguments: [
            ([:], "u 1/-/-"), (["aud": #"["x","other"]"#], "u 1/-/-"),
            (["aud": #""gatewa""#], "The token is for another audience."),
            (["aud": #""Kiosk""#], "u 1/-/-"), (["aud": #""\u212Aiosk""#], "The token is for another audience."),
            (["aud": #"["GATEWAY"]"#], "The token is for another audience."),
            (["aud": "[]"], "The token is for another audience."), (["aud": nil], "The token is for another audience."),
            (["aud": #"{"gateway":1}"#], "The token is for another audience."),
            (["iss": #""https://id.example/""#], "The token's issuer is not known here."),
            (["iss": nil], "The token's issuer is not known here."),
            (["exp": "\(second - 59)"], "u 1/-/-"), (["exp": "\(second - 60)"], "expired"), (["exp": "0"], "expired"),
            (["exp": "1.8e9"], "u 1/-/-"), (["exp": "\(second).5"], "u 1/-/-"),
            (["exp": nil], "The token does not say when it expires."),
            (["exp": #""\#(second + 10)""#], "The token does not say when it expires."),
            (["exp": "-1"], "The token does not say when it expires."),
            (["exp": "1e300"], "The token does not say when it expires."),
            (["nbf": "\(second + 60)"], "u 1/-/-"), (["nbf": "\(second + 61)"], "The token is not good yet."),
            (["nbf": "null"], "The token is not good yet."), (["nbf": #""soon""#], "The token is not good yet."),
            (["user": nil], "The token does not say who its holder is: the claim user.name is missing."),
            (["user": #"{"name":7}"#], "The token does not say who its holder is: the claim user.name is missing."),
            (["user": #"{"name":""}"#], "The token does not say who its holder is: the claim user.name is missing."),
            (
                ["user": #"{"name":"a\nb"}"#],
                "The token does not say who its holder is: the claim user.name is missing."
            ),
            (["user.name": #""direct""#], "direct/-/-"),
            (["policy": #""noisy""#, "https://example/limits": #""small""#], "u 1/noisy/small"),
            (["policy": "null"], "u 1/-/-"), (["policy": "[]"], "The claim policy must be a text."),
        ] as [([String: String?], String)])
    func claims(changes: [String: String?], outcome: String) throws {
        #expect(try Self.outcome(changes) == outcome)
    }

    @Test("sessions end at exp, or with the leeway where that has just passed")
    func sessionsEnd() throws {
        func end(_ expires: Int) throws -> Int? {
            let claims: JSONObject = [
                "iss": "https://id.example", "aud": "gateway", "exp": .number(JSONNumber(expires)), "user.name": "u",
            ]
            let token = try VerifiedToken(claims, of: Self.issuer, now: Self.now)
            return token.grant(now: Self.now).endsSessionsAt.map { $0 / 1000 - Self.second }
        }
        #expect(try end(Self.second + 10) == 10)
        #expect(try end(Self.second - 20) == 40)
    }
}
