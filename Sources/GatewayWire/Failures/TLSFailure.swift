import NIOSSL

/// What a failed TLS handshake says to people.
package enum TLSFailure {
    /// The peer's certificate comes from nobody who is trusted, or is out of date.
    package static let untrusted = "its certificate is not trusted"
    /// The peer's certificate is good, for another name.
    package static let otherName = "its certificate is for another name"
    /// The peer answered with something else than TLS.
    package static let noTLS = "it speaks no TLS"

    /// Whose fault a failed handshake is.
    package enum Kind: Sendable, Equatable {
        /// The peer's certificate: it is missing where one is required, from nobody who is trusted, or out of date.
        case peerCertificate
        case other
    }

    /// What is known of it.
    package static func kind(_ error: any Error) -> Kind {
        let said = String(describing: error)
        let isCertificate = ["CERTIFICATE_VERIFY_FAILED", "PEER_DID_NOT_RETURN_A_CERTIFICATE"].contains(
            where: said.contains)
        return isCertificate ? .peerCertificate : .other
    }

    /// A few words for the usual mistakes; the library's for others, without the places in its sources.
    package static func words(_ error: any Error) -> String {
        let said = String(describing: error)
        if said.contains("CERTIFICATE_VERIFY_FAILED") { return untrusted }
        if said.contains("failedToValidateHostname") { return otherName }
        if ["WRONG_VERSION_NUMBER", "HTTP_REQUEST"].contains(where: said.contains) { return noTLS }
        return reasons(in: said) ?? said
    }

    /// The reasons in `[Error: 268435581 error:1000007d:SSL routines:OPENSSL_internal:REASON at FILE:LINE]`.
    private static func reasons(in said: String) -> String? {
        let mark = "OPENSSL_internal:"
        let reasons = said.split(separator: " ").filter { $0.contains(mark) }.compactMap { word in
            word.split(separator: ":").last.map { $0.replacing("_", with: " ").lowercased() }
        }
        return reasons.isEmpty ? nil : reasons.joined(separator: ", ")
    }
}
