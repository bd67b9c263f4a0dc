import COpenSSL

/// The names in the certificate of a TLS client.
package struct PeerCertificate: Sendable, Equatable {
    /// The subject's common name; `nil` when there is none, or more than one.
    package let commonName: String?
    /// The subject's alternative names of the three kinds (RFC 5280 §4.2.1.6). Names that hold a zero byte or are no
    /// UTF-8 are left out: who reads them otherwise than their authority did is deceived.
    package let dnsNames: [String]
    package let uris: [String]
    package let emails: [String]

    /// Most names of a certificate that are looked at.
    private static let mostNames: CInt = 100

    /// Reads a certificate in DER; `nil` when it is none.
    init?(der: [UInt8]) {
        let certificate = der.withUnsafeBufferPointer { bytes in
            var place = bytes.baseAddress
            return d2i_X509(nil, &place, bytes.count)
        }
        guard let certificate else { return nil }
        defer { X509_free(certificate) }
        commonName = Self.commonName(of: certificate)
        let names = Self.alternativeNames(of: certificate)
        dnsNames = names.filter { $0.kind == GEN_DNS }.map(\.name)
        uris = names.filter { $0.kind == GEN_URI }.map(\.name)
        emails = names.filter { $0.kind == GEN_EMAIL }.map(\.name)
    }

    private static func commonName(of certificate: OpaquePointer) -> String? {
        guard let subject = X509_get_subject_name(certificate) else { return nil }
        let first = X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
        guard first >= 0, X509_NAME_get_index_by_NID(subject, NID_commonName, first) < 0,
            let entry = X509_NAME_get_entry(subject, first)
        else { return nil }
        var text: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry))
        guard count >= 0, let text else { return nil }
        defer { CRYPTO_free(text, nil, 0) }
        return name(UnsafeBufferPointer(start: text, count: Int(count)))
    }

    private static func alternativeNames(of certificate: OpaquePointer) -> [(kind: CInt, name: String)] {
        guard let found = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return [] }
        let names = OpaquePointer(found)
        defer { GENERAL_NAMES_free(names) }
        return (0..<min(OPENSSL_sk_num(names), mostNames)).compactMap { index in
            guard let value = OPENSSL_sk_value(names, index) else { return nil }
            var kind: CInt = 0
            let held = GENERAL_NAME_get0_value(value.assumingMemoryBound(to: GENERAL_NAME.self), &kind)
            guard let held, [GEN_DNS, GEN_URI, GEN_EMAIL].contains(kind) else { return nil }
            let string = held.assumingMemoryBound(to: ASN1_STRING.self)
            let bytes = UnsafeBufferPointer(
                start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string)))
            return name(bytes).map { (kind, $0) }
        }
    }

    private static func name(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        bytes.contains(0) || bytes.isEmpty ? nil : String(validating: bytes, as: UTF8.self)
    }
}
