import GatewayCore

/// An issuer's public keys, ready to check signatures.
struct SigningKeys: Sendable {
    private let keys: VerificationKeys
    /// Of each key; `nil` for those that are no points of their curve, or the like.
    private let publicKeys: [PublicKey?]

    /// How many are of use.
    var count: Int { publicKeys.count { $0 != nil } }

    /// - Throws: `VerificationKeys.Unusable` when none is of use.
    init(_ bytes: [UInt8], for allowed: [SignatureAlgorithm]) throws(VerificationKeys.Unusable) {
        keys = try VerificationKeys(bytes, for: allowed)
        publicKeys = keys.keys.map { PublicKey($0.parts, for: $0.algorithm) }
        if count == 0 { throw .noKeys(allowed) }
    }

    /// Whether a key that the token names is there.
    func has(keyOf token: SignedToken) -> Bool { !keys.candidates(for: token).isEmpty }

    /// Whether the token's signature is the issuer's.
    func isSigned(_ token: SignedToken) -> Bool {
        keys.candidates(for: token).contains { publicKeys[$0]?.hasSigned(token.signed, token.signature) == true }
    }
}
