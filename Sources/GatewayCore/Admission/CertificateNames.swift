/// The names in a client's certificate, which has been verified.
package struct CertificateNames: Sendable, Equatable {
    /// The subject's common name; `nil` when there is none, or more than one.
    package var commonName: String?
    /// The subject's alternative names (RFC 5280 §4.2.1.6), by their kind.
    package var dns: [String]
    package var uris: [String]
    package var emails: [String]

    package init(commonName: String? = nil, dns: [String] = [], uris: [String] = [], emails: [String] = []) {
        self.commonName = commonName
        self.dns = dns
        self.uris = uris
        self.emails = emails
    }

    /// What logs call its holder.
    package var label: String? { commonName ?? dns.first ?? uris.first ?? emails.first }
}
