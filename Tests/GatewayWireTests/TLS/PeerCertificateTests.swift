import COpenSSL
import Testing

@testable import GatewayWire

@Suite("The names in a client's certificate")
struct PeerCertificateTests {
    /// `CN=Küche 1`; DNS names `kiosk-1.example` and one with a zero byte, a URI, an e-mail and an IP address.
    private static let one =
        "MIIBYDCCAQagAwIBAgIBATAKBggqhkjOPQQDAjAAMB4XDTI2MDEwMTAwMDAwMFoXDTI3MDEwMTAwMDAwMFowEzERMA8GA1UEAwwI"
        + "S8O8Y2hlIDEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASrIwi0yyUlR5ogI+j/pqW2pEZHwOK4b2Tn5bETuoqTt6T4M1cUdVo0"
        + "EjSNxGSCpPtsWKv9JxAC2sR3KCzICv2ho14wXDBaBgNVHREEUzBRgg9raW9zay0xLmV4YW1wbGWCC2EAYi5leGFtcGxlhhhzcGlm"
        + "ZmU6Ly9leGFtcGxlL2tpb3NrLzGBEWtpb3NrQGV4YW1wbGUuY29thwQKAAABMAoGCCqGSM49BAMCA0gAMEUCIQCLEdrREF+bZgKC"
        + "37v61TCKh3VGVjChsIj6pNUSXQV6vAIgdYxFeFLNJry9+w34M+MA/GVs0H6J/xXQJ9MR0436vxs="
    /// `CN=kiosk-1, CN=admin`.
    private static let two =
        "MIIBDjCBtaADAgECAgEBMAoGCCqGSM49BAMCMAAwHhcNMjYwMTAxMDAwMDAwWhcNMjcwMTAxMDAwMDAwWjAiMRAwDgYDVQQDDAdr"
        + "aW9zay0xMQ4wDAYDVQQDDAVhZG1pbjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKsjCLTLJSVHmiAj6P+mpbakRkfA4rhvZOfl"
        + "sRO6ipO3pPgzVxR1WjQSNI3EZIKk+2xYq/0nEALaxHcoLMgK/aEwCgYIKoZIzj0EAwIDSAAwRQIhANFiCcHkDBuBrPaE9dYhI1r2"
        + "9/NaYIWL2XtHZbzd5396AiAUEIpEE8nBLNZv3QU4LkeD0AEeFeyQjgJvBkrAI2hD6Q=="
    /// A common name with a zero byte in it.
    private static let zero =
        "MIIBAjCBqaADAgECAgEBMAoGCCqGSM49BAMCMAAwHhcNMjYwMTAxMDAwMDAwWhcNMjcwMTAxMDAwMDAwWjAWMRQwEgYDVQQDDAth"
        + "ZG1pbgAuZXZpbDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKsjCLTLJSVHmiAj6P+mpbakRkfA4rhvZOflsRO6ipO3pPgzVxR1"
        + "WjQSNI3EZIKk+2xYq/0nEALaxHcoLMgK/aEwCgYIKoZIzj0EAwIDSAAwRQIhAOZmv3RZVT+jSiLYkPqfiwT1bcG0zDl/vHY9Gxfp"
        + "CRX0AiAcPf22uDTb6TGqSkqCRWuR3EFutsXsd9JrAgs95vZhIw=="
    /// No names at all.
    private static let none =
        "MIHrMIGToAMCAQICAQEwCgYIKoZIzj0EAwIwADAeFw0yNjAxMDEwMDAwMDBaFw0yNzAxMDEwMDAwMDBaMAAwWTATBgcqhkjOPQIB"
        + "BggqhkjOPQMBBwNCAASrIwi0yyUlR5ogI+j/pqW2pEZHwOK4b2Tn5bETuoqTt6T4M1cUdVo0EjSNxGSCpPtsWKv9JxAC2sR3KCzI"
        + "Cv2hMAoGCCqGSM49BAMCA0cAMEQCICwKQ3y5oSXgSdT0TTXnqikji0K7qK/YuhJUmlKX8pvoAiBFJRQqU60t/MaONYVjgoPoH+MO"
        + "fzTjfJsTotzUnpyCwA=="

    private static func read(_ text: String) throws -> PeerCertificate {
        var bytes = [UInt8](repeating: 0, count: text.utf8.count)
        let count = EVP_DecodeBlock(&bytes, Array(text.utf8), CInt(text.utf8.count))
        let padding = text.utf8.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        return try #require(PeerCertificate(der: Array(bytes.prefix(Int(count) - padding))))
    }

    @Test("are read by their kinds, without those that deceive and those that rules don't speak of")
    func kinds() throws {
        let names = try Self.read(Self.one)
        #expect(names.commonName == "Küche 1")
        #expect(names.dnsNames == ["kiosk-1.example"])
        #expect(names.uris == ["spiffe://example/kiosk/1"])
        #expect(names.emails == ["kiosk@example.com"])
    }

    @Test("have no common name when there are two, none, or one with a zero byte")
    func commonName() throws {
        for text in [Self.two, Self.zero, Self.none] {
            let names = try Self.read(text)
            #expect(names.commonName == nil)
            #expect(names.dnsNames.isEmpty && names.uris.isEmpty && names.emails.isEmpty)
        }
    }

    @Test("are not read from what is no certificate")
    func garbage() {
        #expect(PeerCertificate(der: []) == nil)
        #expect(PeerCertificate(der: [0x30, 0x03, 0x02, 0x01, 0x00]) == nil)
    }
}
