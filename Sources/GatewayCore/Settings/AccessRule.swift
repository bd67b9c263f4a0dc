/// One rule of `access`: whom it lets in, and what they get.
package struct AccessRule: Sendable, Equatable {
    /// Names the rule in logs; unique.
    package var name: String
    /// Origins, scheme and port included; `nil` when the rule does not look at the origin, and then it matches only
    /// requests without one.
    package var origins: [OriginPattern]?
    /// Addresses; `nil` when the rule does not look at the address.
    package var addresses: [AddressPattern]?
    /// Names of devices; `nil` when the rule asks for no device.
    package var devices: [NameGlob]?
    /// What is wanted of the client's JWT; `nil` when the rule asks for none.
    package var token: TokenPattern?
    /// What is wanted of the client's certificate; `nil` when the rule does not look at it.
    package var certificate: CertificatePattern?
    /// Names of listeners; `nil` when the rule does not look at the listener.
    package var listeners: [String]?
    /// The policy of those whom it lets in: the first unless the client asks for another of them by name
    /// (`?policy=`). Names of `GatewaySettings.policies`, at least one.
    package var policies: [String]
    /// The name of the limits that hold for it, in `GatewaySettings.limits`; `nil` when it has none of its own.
    package var limits: String?
    /// What logs, ledger and metrics call those whom it lets in, instead of a name of their own.
    package var clientLabel: String?
    /// Whether those whom it lets in may get tickets for others.
    package var actsOnBehalf: Bool

    package init(
        name: String, origins: [OriginPattern]? = nil, addresses: [AddressPattern]? = nil, devices: [NameGlob]? = nil,
        token: TokenPattern? = nil, certificate: CertificatePattern? = nil, listeners: [String]? = nil,
        policies: [String] = [Policy.defaultName],
        limits: String? = nil, clientLabel: String? = nil, actsOnBehalf: Bool = false
    ) {
        self.name = name
        self.origins = origins
        self.addresses = addresses
        self.devices = devices
        self.token = token
        self.certificate = certificate
        self.listeners = listeners
        self.policies = policies
        self.limits = limits
        self.clientLabel = clientLabel
        self.actsOnBehalf = actsOnBehalf
    }
}
