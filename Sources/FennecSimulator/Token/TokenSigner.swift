import COpenSSL

/// Signs and checks JWTs with HMAC-SHA-256 (RFC 7515, algorithm HS256).
struct TokenSigner: Sendable {
    private static let header = Base64URL.encode(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8))

    private let secret: [UInt8]

    /// With a random secret.
    init() {
        var generator = SystemRandomNumberGenerator()
        self.init(secret: (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    init(secret: [UInt8]) { self.secret = secret }

    /// The token that carries `claims`.
    func sign(_ claims: JSONValue) -> String {
        let content = Self.header + "." + Base64URL.encode(Array(claims.text.utf8))
        return content + "." + Base64URL.encode(code(for: content))
    }

    /// The claims of a token that this signer signed.
    func claims(of token: String) -> JSONValue? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == Self.header, let signature = Base64URL.decode(parts[2]) else { return nil }
        guard signature == code(for: "\(parts[0]).\(parts[1])"), let payload = Base64URL.decode(parts[1]) else {
            return nil
        }
        return try? JSONReader.read(payload)
    }

    /// HMAC-SHA-256 of the text (RFC 2104).
    func code(for content: String) -> [UInt8] {
        let content = Array(content.utf8)
        var code = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 32
        HMAC(EVP_sha256(), secret, Int32(secret.count), content, content.count, &code, &length)
        return code
    }
}
