import GatewayCore
import GatewayCoreTesting
import Testing

@Suite("JWTs as they come")
struct SignedTokenTests {
    static func token(_ header: String, _ claims: String, signature: [UInt8] = [1, 2, 3]) -> String {
        [Array(header.utf8), Array(claims.utf8), signature].map(Base64URL.encode).joined(separator: ".")
    }

    @Test("are taken apart; what is signed are the first two parts as they were written")
    func parts() throws {
        let text = Self.token(#"{"alg":"RS256","kid":"a","jku":"https://evil.example"}"#, #"{"iss":"i"}"#)
        let token = try #require(SignedToken(text))
        #expect(token.algorithm == "RS256" && token.keyID == "a" && token.signature == [1, 2, 3])
        #expect(token.claims["iss"]?.string == "i")
        #expect(
            String(decoding: token.signed, as: UTF8.self) == text.split(separator: ".").prefix(2).joined(separator: ".")
        )
    }

    @Test(
        "are none when anything is amiss",
        arguments: [
            "", "..", "eyJ", "a.b.c", token(#"{"alg":"RS256""#, "{}"), token("[]", "{}"), token("{}", "{}"),
            token(#"{"alg":1}"#, "{}"), token(#"{"alg":"RS256"}"#, "[]"), token(#"{"alg":"RS256"}"#, "1"),
            token(#"{"alg":"RS256","alg":"none"}"#, "{}"), token(#"{"alg":"RS256"}"#, #"{"exp":1,"exp":2}"#),
            token(#"{"alg":"RS256","kid":1}"#, "{}"), token(#"{"alg":"RS256","crit":["exp"],"exp":1}"#, "{}"),
            token(#"{"alg":"RS256","b64":false}"#, "{}"), token(#"{"alg":"RS256"}"#, "{}") + ".x",
            token(#"{"alg":"RS256"}"#, "{}") + "=", " " + token(#"{"alg":"RS256"}"#, "{}"),
            token(#"{"alg":"RS256"}"#, #"{"a":""# + String(repeating: "x", count: 8192) + "\"}"),
        ])
    func malformed(text: String) {
        #expect(SignedToken(text) == nil)
    }

    @Test(
        "have a form of their own, whatever they are worth",
        arguments: [
            ("eyJh.b.c", true), ("eyJhbGciOiJub25lIn0.e30.", true), ("eyJ..", true), ("eyJ.a", false),
            ("eyJ.a.b.c.d", false), ("fgd_eyJ.a.b", false), ("sk_live.a.b", false), ("", false),
        ])
    func form(text: String, isOne: Bool) {
        #expect(SignedToken.hasForm(text) == isOne)
    }

    @Test("however they are changed, either they are none or their first two parts are what is signed")
    func changed() {
        var random = SeededGenerator(seed: 3)
        let good = Array(Self.token(#"{"alg":"ES256","kid":"a"}"#, #"{"iss":"i","aud":["b"],"exp":1.5e9}"#).utf8)
        for _ in 0..<5000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0x20...0x7E, using: &random)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let token = SignedToken(text) else { continue }
            #expect(text.hasPrefix(String(decoding: token.signed, as: UTF8.self) + "."))
            #expect(SignedToken.hasForm(text))
        }
    }
}
