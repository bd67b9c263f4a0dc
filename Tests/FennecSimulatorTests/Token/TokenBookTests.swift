import Testing

@testable import FennecSimulator

@Suite struct TokenBookTests {
    @Test("A token is accepted once")
    func once() throws {
        var book = TokenBook(lifetime: 60, limit: 10)
        let token = book.mint(now: 1000)
        #expect(try book.redeem(token, now: 1001) == 1)
        #expect(throws: TokenBook.Refusal.used) { try book.redeem(token, now: 1002) }
    }

    @Test("A token is a JWT that tells when it expires, and is refused from then on")
    func expiry() throws {
        var book = TokenBook(lifetime: 60, limit: 10)
        let token = book.mint(now: 1000)
        let parts = token.split(separator: ".")
        #expect(parts.count == 3)
        let claims = try JSONReader.read(#require(Base64URL.decode(parts[1])))
        #expect(claims["exp"]?.integer == 1060)
        #expect(claims["jti"]?.string == "1")
        #expect(throws: TokenBook.Refusal.expired) { try book.redeem(token, now: 1060) }
        #expect(try book.redeem(token, now: 1059) == 1)
    }

    @Test("What was not signed here is refused")
    func forged() {
        var book = TokenBook(lifetime: 60, limit: 10)
        var other = TokenBook(lifetime: 60, limit: 10)
        let token = book.mint(now: 0)
        #expect(throws: TokenBook.Refusal.missing) { try book.redeem(nil, now: 0) }
        #expect(throws: TokenBook.Refusal.missing) { try book.redeem("", now: 0) }
        for forged in ["x", "a.b.c", other.mint(now: 0), token + "A", "." + token, token.lowercased()] {
            #expect(throws: TokenBook.Refusal.invalid) { try book.redeem(forged, now: 0) }
        }
    }

    @Test("Beyond the limit the oldest token is forgotten")
    func bounded() throws {
        var book = TokenBook(lifetime: 60, limit: 2)
        let tokens = (0..<3).map { _ in book.mint(now: 0) }
        #expect(throws: TokenBook.Refusal.used) { try book.redeem(tokens[0], now: 0) }
        #expect(try book.redeem(tokens[1], now: 0) == 2)
        #expect(try book.redeem(tokens[2], now: 0) == 3)
    }

    @Test("The signature is that of RFC 7515, appendix A.1, for its key and text")
    func signature() throws {
        let key = try #require(
            Base64URL.decode(
                "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"))
        let signer = TokenSigner(secret: key)
        let content =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
            + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        #expect(Base64URL.encode(signer.code(for: content)) == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        let token = signer.sign(["a": 1])
        #expect(signer.claims(of: token) == ["a": 1])
        #expect(TokenSigner(secret: [1]).claims(of: token) == nil)
    }

    @Test("Base 64 goes both ways", arguments: [[], [0], [255, 254], [1, 2, 3], Array(0...255)] as [[UInt8]])
    func base64(bytes: [UInt8]) {
        #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    }

    @Test("Base 64 that no encoder writes is refused", arguments: ["A", "AB", "AAB", "AA=", "A+/A", "ÄÄÄÄ"])
    func badBase64(text: String) { #expect(Base64URL.decode(text) == nil) }
}
