import COpenSSL

/// SHA-256 (FIPS 180-4), for naming content by what it is.
package enum ContentDigest {
    /// The 32 bytes of the digest.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let succeeded = EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil)
        precondition(succeeded == 1 && length == 32, "libcrypto has no SHA-256")
        return digest
    }
}
