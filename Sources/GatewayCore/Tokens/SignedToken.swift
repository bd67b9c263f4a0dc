/// A JWT in compact form (RFC 7515 §7.1, RFC 7519), taken apart; nothing of it is proven yet.
package struct SignedToken: Sendable, Equatable {
    /// Largest token, in bytes.
    package static let maxBytes = 8 << 10

    /// `alg` as it is written.
    package let algorithm: String
    /// `kid`: which key has signed it, by its own account.
    package let keyID: String?
    /// What it claims.
    package let claims: JSONObject
    /// The bytes that are signed.
    package let signed: [UInt8]
    package let signature: [UInt8]

    /// Whether a credential has the form of a JWT, whatever it is worth: three parts, and a JSON object's beginning in
    /// base64url (`{"`). What follows decides about nothing but that.
    package static func hasForm(_ text: some StringProtocol) -> Bool {
        text.utf8.starts(with: "eyJ".utf8) && text.utf8.count { $0 == UInt8(ascii: ".") } == 2
    }

    /// Takes a token apart; `nil` when it is none, or asks for extensions (`crit`) that nobody here knows. Keys and
    /// addresses of keys in its header are not looked at.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maxBytes else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Base64URL.decode(parts[0]), let body = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]),
            let header = (try? JSONValue(parsing: head))?.object, let claims = (try? JSONValue(parsing: body))?.object,
            let algorithm = header["alg"]?.string, header["crit"] == nil, header["b64"] == nil
        else { return nil }
        let keyID = header["kid"]
        guard keyID == nil || keyID?.string != nil else { return nil }
        self.algorithm = algorithm
        self.keyID = keyID?.string
        self.claims = claims
        self.signature = signature
        signed = Array(text.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
    }
}
