import NIOSSL
import Testing

@testable import GatewayWire

struct TLSFailureTests {
    /// An error whose description is this text.
    private struct Said: Error, CustomStringConvertible {
        let description: String
    }

    private static func library(_ reason: String) -> String {
        "handshakeFailed(NIOSSL.BoringSSLError.sslError([Error: 268435703 error:100000f7:SSL routines:OPENSSL_internal:"
            + "\(reason) at /home/builder/ssl/tls_record.cc:127]))"
    }

    @Test(
        "The usual mistakes have words of their own, others lose the places in somebody's sources",
        arguments: [
            (library("CERTIFICATE_VERIFY_FAILED"), TLSFailure.untrusted),
            (library("WRONG_VERSION_NUMBER"), TLSFailure.noTLS),
            (library("HTTP_REQUEST"), TLSFailure.noTLS), (library("NO_SHARED_CIPHER"), "no shared cipher"),
            ("something else", "something else"),
        ])
    func words(said: String, expected: String) {
        #expect(TLSFailure.words(Said(description: said)) == expected)
    }

    @Test("A certificate for another name is told")
    func otherName() {
        #expect(TLSFailure.words(NIOSSLExtraError.failedToValidateHostname) == TLSFailure.otherName)
    }
}
