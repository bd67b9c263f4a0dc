/// The public keys of an issuer that are of use: those of its JWK set (RFC 7517) that go with an algorithm which the
/// operator allows.
package struct VerificationKeys: Sendable, Equatable {
    /// Largest JWK set, in bytes, and the most keys of it that are looked at.
    package static let maxBytes = 256 << 10
    static let mostKeys = 100

    /// A key for one algorithm.
    package struct Key: Sendable, Equatable {
        package let id: String?
        package let algorithm: SignatureAlgorithm
        /// What makes the key: modulus and exponent, or the coordinates of its point. Big-endian but for Ed25519.
        package let parts: [[UInt8]]
    }

    /// Why a set is of no use.
    package enum Unusable: Error, Sendable, Equatable, CustomStringConvertible {
        case notJSON
        case noKeys([SignatureAlgorithm])

        package var description: String {
            switch self {
            case .notJSON: "it is no JWK set: a JSON object with an array of keys"
            case .noKeys(let algorithms):
                "it has no public key for \(algorithms.map(\.rawValue).joined(separator: ", "))"
            }
        }
    }

    package let keys: [Key]

    /// Reads a JWK set; keys that are of no use, symmetric ones among them, are passed over.
    package init(_ bytes: some Collection<UInt8>, for algorithms: [SignatureAlgorithm]) throws(Unusable) {
        guard let set = (try? JSONValue(parsing: bytes))?.object, case .array(let elements)? = set["keys"] else {
            throw .notJSON
        }
        keys = elements.prefix(Self.mostKeys).compactMap(\.object).flatMap { object in
            algorithms.compactMap { Self.key(object, for: $0) }
        }
        if keys.isEmpty { throw .noKeys(algorithms) }
    }

    /// Which keys may have signed a token: those of its `kid` and `alg`. A token without `kid` is for the only key
    /// there is for its algorithm.
    package func candidates(for token: SignedToken) -> [Int] {
        let fitting = keys.indices.filter { keys[$0].algorithm.rawValue == token.algorithm }
        guard let id = token.keyID else { return fitting.count == 1 ? fitting : [] }
        return Array(fitting.filter { keys[$0].id == id }.prefix(4))
    }

    private static func key(_ object: JSONObject, for algorithm: SignatureAlgorithm) -> Key? {
        let (type, curve) = algorithm.keyType
        guard object["kty"]?.string == type, object["crv"]?.string == curve,
            object["alg"] == nil || object["alg"]?.string == algorithm.rawValue,
            object["use"] == nil || object["use"]?.string == "sig",
            isForVerifying(object["key_ops"]), object["kid"] == nil || object["kid"]?.string != nil
        else { return nil }
        var parts: [[UInt8]] = []
        for (name, range) in members(of: algorithm) {
            guard let text = object[name]?.string, let bytes = Base64URL.decode(text), range.contains(bytes.count)
            else {
                return nil
            }
            parts.append(bytes)
        }
        return Key(id: object["kid"]?.string, algorithm: algorithm, parts: parts)
    }

    private static func isForVerifying(_ value: JSONValue?) -> Bool {
        guard let value else { return true }
        guard case .array(let uses) = value else { return false }
        return uses.contains(.string("verify"))
    }

    /// The members that make a public key, and their lengths in bytes; RSA from 2048 bits on (RFC 7518 §3.3).
    private static func members(of algorithm: SignatureAlgorithm) -> [(name: String, bytes: ClosedRange<Int>)] {
        switch algorithm.keyType.curve {
        case "P-256": [("x", 32...32), ("y", 32...32)]
        case "P-384": [("x", 48...48), ("y", 48...48)]
        case "P-521": [("x", 66...66), ("y", 66...66)]
        case "Ed25519": [("x", 32...32)]
        default: [("n", 256...1024), ("e", 1...8)]
        }
    }
}
