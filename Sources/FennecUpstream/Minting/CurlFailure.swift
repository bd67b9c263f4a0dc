import CCurl
import GatewayCore

/// What libcurl's error codes mean to us.
enum CurlFailure {
    /// The most of libcurl's words that is kept.
    private static let longestWords = 200

    /// - Parameter words: libcurl's own account; a peer may have had a hand in it, so it is made harmless here.
    static func failure(_ code: CURLcode, words: String) -> MintFailure {
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            return .timedOut
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_NOT_BUILT_IN, CURLE_URL_MALFORMAT,
            CURLE_BAD_FUNCTION_ARGUMENT:
            return .internal(harmless(words))
        case CURLE_SSL_CONNECT_ERROR:
            // OpenSSL's names for a connection that was cut during the handshake, which says nothing about TLS.
            let isCut = words.contains("SYSCALL") || words.contains("unexpected eof") || words.contains("reset by peer")
            return isCut ? .unreachable(harmless(words)) : .tls(harmless(words))
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CLIENTCERT:
            return .tls(harmless(words))
        default:
            return .unreachable(harmless(words))
        }
    }

    /// Printable, and not too long.
    static func harmless(_ words: String) -> String {
        let kept = words.unicodeScalars.prefix(longestWords).map { scalar in
            (" "..."~").contains(scalar) ? Character(scalar) : "?"
        }
        return String(kept)
    }
}
