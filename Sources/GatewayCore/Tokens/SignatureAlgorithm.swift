/// How JWTs may be signed (RFC 7518 §3.1, RFC 8037 §3.1): by key pairs alone. `none` and the HMACs are no members, so
/// nothing can be configured or sent that makes a public key a secret.
package enum SignatureAlgorithm: String, Sendable, Hashable, CaseIterable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"

    /// The one kind of key that it works with: `kty` and, where there are several, `crv` (RFC 7518 §6, RFC 8037 §2).
    var keyType: (type: String, curve: String?) {
        switch self {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: ("RSA", nil)
        case .es256: ("EC", "P-256")
        case .es384: ("EC", "P-384")
        case .es512: ("EC", "P-521")
        case .edDSA: ("OKP", "Ed25519")
        }
    }
}
