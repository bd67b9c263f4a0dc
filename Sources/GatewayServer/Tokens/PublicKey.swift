import COpenSSL
import GatewayCore

/// A public key for one algorithm, checked by libcrypto.
struct PublicKey: Sendable {
    private let algorithm: SignatureAlgorithm
    /// The key as libcrypto writes it (SubjectPublicKeyInfo, RFC 5280 §4.1): plain bytes, that any thread may read.
    private let encoded: [UInt8]

    /// A key of these parts, as `VerificationKeys` has them; `nil` when libcrypto finds it wrong.
    init?(_ parts: [[UInt8]], for algorithm: SignatureAlgorithm) {
        guard let key = Self.key(parts, algorithm) else { return nil }
        defer { EVP_PKEY_free(key) }
        guard Self.isSound(key, algorithm) else { return nil }
        var text: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(key, &text)
        guard count > 0, let text else { return nil }
        defer { CRYPTO_free(text, nil, 0) }
        self.algorithm = algorithm
        encoded = Array(UnsafeBufferPointer(start: text, count: Int(count)))
    }

    /// Whether the signature over these bytes is this key's.
    func hasSigned(_ bytes: [UInt8], _ signature: [UInt8]) -> Bool {
        guard let signature = Self.wireForm(signature, algorithm) else { return false }
        let key = encoded.withUnsafeBufferPointer { bytes in
            var place = bytes.baseAddress
            return d2i_PUBKEY(nil, &place, bytes.count)
        }
        guard let key, let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            EVP_PKEY_free(key)
        }
        var options: OpaquePointer?
        guard EVP_DigestVerifyInit(context, &options, algorithm.digest, nil, key) == 1 else { return false }
        if algorithm.isPSS {
            // The salt is as long as the digest (RFC 7518 §3.5).
            guard EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1,
                EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1
            else { return false }
        }
        return EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
    }

    private static func key(_ parts: [[UInt8]], _ algorithm: SignatureAlgorithm) -> OpaquePointer? {
        if algorithm == .edDSA {
            return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, parts[0], parts[0].count)
        }
        guard let curve = algorithm.curve else {
            return fg_rsa_public_key(parts[0], CInt(parts[0].count), parts[1], CInt(parts[1].count))
        }
        let point = [0x04] + parts.joined()
        return fg_ec_public_key(curve, point, point.count)
    }

    /// Whether a point lies on its curve, and the like.
    private static func isSound(_ key: OpaquePointer, _ algorithm: SignatureAlgorithm) -> Bool {
        guard algorithm.curve != nil else { return true }
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        return EVP_PKEY_public_check(context) == 1
    }

    /// The signature as libcrypto wants it: of the elliptic curves JWTs have the two numbers side by side (RFC 7518
    /// §3.4), libcrypto in DER. `nil` when it has not the one length that there is.
    private static func wireForm(_ signature: [UInt8], _ algorithm: SignatureAlgorithm) -> [UInt8]? {
        guard let width = algorithm.coordinateBytes else { return signature }
        guard signature.count == 2 * width, let pair = ECDSA_SIG_new() else { return nil }
        defer { ECDSA_SIG_free(pair) }
        let halves = [signature.prefix(width), signature.suffix(width)].map { half in
            BN_bin2bn(Array(half), CInt(width), nil)
        }
        // From here on the pair owns the numbers.
        guard ECDSA_SIG_set0(pair, halves[0], halves[1]) == 1 else { return nil }
        var text: UnsafeMutablePointer<UInt8>?
        let count = i2d_ECDSA_SIG(pair, &text)
        guard count > 0, let text else { return nil }
        defer { CRYPTO_free(text, nil, 0) }
        return Array(UnsafeBufferPointer(start: text, count: Int(count)))
    }
}

extension SignatureAlgorithm {
    /// `nil` for Ed25519, which has its own.
    fileprivate var digest: OpaquePointer? {
        switch self {
        case .rs256, .ps256, .es256: EVP_sha256()
        case .rs384, .ps384, .es384: EVP_sha384()
        case .rs512, .ps512, .es512: EVP_sha512()
        case .edDSA: nil
        }
    }

    fileprivate var isPSS: Bool { self == .ps256 || self == .ps384 || self == .ps512 }

    /// libcrypto's name of the curve; `nil` for RSA and Ed25519.
    fileprivate var curve: String? {
        switch self {
        case .es256: "P-256"
        case .es384: "P-384"
        case .es512: "P-521"
        default: nil
        }
    }

    /// The length of either number of a signature.
    fileprivate var coordinateBytes: Int? {
        switch self {
        case .es256: 32
        case .es384: 48
        case .es512: 66
        default: nil
        }
    }
}
