/// What admission looks at of a request.
package struct AccessRequest: Sendable, Equatable {
    /// The name of the listener that it came in by.
    package var listener: String
    /// The `Host` header as sent.
    package var host: String
    /// The `Origin` headers as sent; more than one is malformed, none is a program's request.
    package var origins: [String]
    package var client: ClientAddress
    /// The address that the client connected to; `nil` over a unix socket.
    package var local: IPAddress?
    /// The device whose credential it carries; the credential has been verified.
    package var device: String?
    /// The JWT that it carries; it has been verified.
    package var token: VerifiedToken?
    /// The certificate that the client showed; it has been verified.
    package var certificate: CertificateNames?

    package init(
        listener: String = "", host: String, origins: [String], client: ClientAddress, local: IPAddress?,
        device: String? = nil, token: VerifiedToken? = nil, certificate: CertificateNames? = nil
    ) {
        self.listener = listener
        self.host = host
        self.origins = origins
        self.client = client
        self.local = local
        self.device = device
        self.token = token
        self.certificate = certificate
    }

    /// The origin as rules are compared with: in lower case, when it is ASCII alone. Unicode folds other letters to
    /// ASCII too, U+212A to `k`.
    package var origin: String? { origins.first.map(Self.folded) }

    /// An origin as rules and tickets are compared with.
    package static func folded(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 128 } ? text.lowercased() : text
    }
}
