/// A public listener.
package struct ListenerSettings: Sendable, Equatable {
    /// Names it in logs; unique among listeners.
    package var name: String
    /// Where it binds.
    package var address: SocketEndpoint
    /// Certificate and key, when it speaks TLS.
    package var tls: TLSSettings?
    /// Names that a `Host` header may carry besides `localhost` and the connection's own IP address; lower case.
    package var hosts: [String]
    /// Where the clients' addresses are taken from.
    package var clientAddress: ClientAddressSource
    /// The proxies that are believed about them.
    package var trustedProxies: [AddressRange]
    /// Whether credentials may come in clear text from other machines, without a trusted proxy between.
    package var allowsPlaintextCredentials: Bool
    /// Whether the demo page is served at `/`.
    package var servesDemoPage: Bool

    package init(
        name: String, address: SocketEndpoint, tls: TLSSettings? = nil, hosts: [String] = [],
        clientAddress: ClientAddressSource = .peer, trustedProxies: [AddressRange] = [],
        allowsPlaintextCredentials: Bool = false, servesDemoPage: Bool = false
    ) {
        self.name = name
        self.address = address
        self.tls = tls
        self.hosts = hosts
        self.clientAddress = clientAddress
        self.trustedProxies = trustedProxies
        self.allowsPlaintextCredentials = allowsPlaintextCredentials
        self.servesDemoPage = servesDemoPage
    }
}

/// PEM files of a TLS listener.
package struct TLSSettings: Sendable, Equatable {
    /// Path of the PEM certificate chain, leaf first.
    package var certificate: String
    /// Path of the PEM private key.
    package var key: String
    /// Path of the PEM certificates of those who issue clients' certificates; `nil` asks clients for none.
    package var clientCA: String?
    /// Whether a client without a certificate is turned away. One that shows a certificate must show a good one.
    package var requiresClientCertificates: Bool

    package init(
        certificate: String, key: String, clientCA: String? = nil, requiresClientCertificates: Bool = true
    ) {
        self.certificate = certificate
        self.key = key
        self.clientCA = clientCA
        self.requiresClientCertificates = requiresClientCertificates
    }
}
