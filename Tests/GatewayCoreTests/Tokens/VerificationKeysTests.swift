import GatewayCore
import Testing

@Suite("Sets of public keys")
struct VerificationKeysTests {
    private static let modulus = Base64URL.encode(Array(repeating: 0xAB, count: 256))
    private static let x = Base64URL.encode(Array(repeating: 1, count: 32))
    private static let rsa = #""kty":"RSA","n":"\#(modulus)","e":"AQAB""#
    private static let ec = #""kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(x)""#
    private static let okp = #""kty":"OKP","crv":"Ed25519","x":"\#(x)""#

    /// `KID:ALGORITHM` of each key that is of use.
    private static func read(_ keys: [String], _ algorithms: [SignatureAlgorithm] = [.rs256, .es256, .edDSA])
        -> [String]
    {
        let text = #"{"keys":[\#(keys.map { "{\($0)}" }.joined(separator: ","))],"x":1}"#
        let set = try? VerificationKeys(text.utf8, for: algorithms)
        return set?.keys.map { "\($0.id ?? "-"):\($0.algorithm.rawValue)" } ?? []
    }

    @Test(
        "have those that go with an algorithm that is allowed",
        arguments: [
            (rsa, ["-:RS256"]), (rsa + #","kid":"a""#, ["a:RS256"]),
            (rsa + #","alg":"RS256","use":"sig""#, ["-:RS256"]),
            (rsa + #","alg":"RS512""#, []), (rsa + #","alg":"HS256""#, []), (rsa + #","use":"enc""#, []),
            (rsa + #","key_ops":["verify"]"#, ["-:RS256"]), (rsa + #","key_ops":["encrypt"]"#, []),
            (rsa + #","crv":"P-256""#, []), (#""kty":"RSA","n":"\#(x)","e":"AQAB""#, []),
            (#""kty":"RSA","n":"\#(modulus)""#, []), (#""kty":"RSA","n":"\#(modulus)=","e":"AQAB""#, []),
            (#""kty":"oct","k":"\#(x)","alg":"HS256""#, []), (#""kty":"oct","k":"\#(x)","alg":"RS256""#, []),
            (ec, ["-:ES256"]), (ec + #","alg":"ES384""#, []),
            (#""kty":"EC","crv":"P-384","x":"\#(x)","y":"\#(x)""#, []),
            (#""kty":"EC","x":"\#(x)","y":"\#(x)""#, []), (okp, ["-:EdDSA"]),
            (#""kty":"OKP","crv":"X25519","x":"\#(x)""#, []), (rsa + #","kid":7"#, []), ("", []),
        ])
    func keys(key: String, found: [String]) {
        #expect(Self.read([key]) == found)
    }

    @Test("have an RSA key once for each algorithm that its owner leaves open")
    func open() {
        #expect(Self.read([Self.rsa], [.rs256, .ps512]) == ["-:RS256", "-:PS512"])
    }

    @Test("give what makes the public key, and nothing else")
    func publicAlone() throws {
        let text = #"{"keys":[{\#(Self.rsa),"d":"c2VjcmV0","x5u":"https://evil.example"}]}"#
        let key = try #require(try VerificationKeys(text.utf8, for: [.rs256]).keys.first)
        #expect(key.parts == [Array(repeating: 0xAB, count: 256), [1, 0, 1]])
    }

    @Test("are of no use without such a key, and say so")
    func unusable() {
        #expect(throws: VerificationKeys.Unusable.notJSON) { try VerificationKeys("[]".utf8, for: [.rs256]) }
        #expect(throws: VerificationKeys.Unusable.notJSON) { try VerificationKeys(#"{"keys":{}}"#.utf8, for: [.rs256]) }
        #expect(throws: VerificationKeys.Unusable.noKeys([.rs256])) {
            try VerificationKeys(#"{"keys":[{\#(Self.ec)}]}"#.utf8, for: [.rs256])
        }
        #expect("\(VerificationKeys.Unusable.noKeys([.rs256, .es256]))" == "it has no public key for RS256, ES256")
    }

    private static func candidates(_ header: String) throws -> [Int] {
        let keys = ["\(rsa),\"kid\":\"a\"", "\(rsa),\"kid\":\"b\"", "\(ec),\"kid\":\"a\""]
        let text = #"{"keys":[\#(keys.map { "{\($0)}" }.joined(separator: ","))]}"#
        let set = try VerificationKeys(text.utf8, for: [.rs256, .es256])
        return set.candidates(for: try #require(SignedToken(SignedTokenTests.token(header, "{}"))))
    }

    @Test(
        "find a token's key by kid and algorithm; without kid, the only one there is",
        arguments: [
            (#"{"alg":"RS256","kid":"a"}"#, [0]), (#"{"alg":"RS256","kid":"b"}"#, [1]),
            (#"{"alg":"ES256","kid":"a"}"#, [2]), (#"{"alg":"ES256","kid":"b"}"#, []),
            (#"{"alg":"RS256","kid":"A"}"#, []), (#"{"alg":"ES256"}"#, [2]), (#"{"alg":"RS256"}"#, []),
            (#"{"alg":"none"}"#, []), (#"{"alg":"HS256","kid":"a"}"#, []), (#"{"alg":"rs256","kid":"a"}"#, []),
        ])
    func find(header: String, found: [Int]) throws {
        #expect(try Self.candidates(header) == found)
    }
}
