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
    /// Names of listeners; `nil` when the rule does not look at the listener.
    package var listeners: [String]?
    /// The policy of those whom it lets in: the first unless the client asks for another of them by name
    /// (`?policy=`). Names of `GatewaySettings.policies`, at least one.
    package var policies: [String]

    package init(
        name: String, origins: [OriginPattern]? = nil, addresses: [AddressPattern]? = nil, devices: [NameGlob]? = nil,
        listeners: [String]? = nil, policies: [String] = [Policy.defaultName]
    ) {
        self.name = name
        self.origins = origins
        self.addresses = addresses
        self.devices = devices
        self.listeners = listeners
        self.policies = policies
    }
}
