/// One rule of `access`: whom it lets in.
package struct AccessRule: Sendable, Equatable {
    /// Names the rule in logs; unique.
    package var name: String
    /// Exact origins, scheme and port included, in lower case; `nil` when the rule does not look at the origin, and
    /// then it matches only requests without one.
    package var origins: [String]?
    /// Address ranges; `nil` when the rule does not look at the address.
    package var addresses: [AddressRange]?
    /// The policy of those whom it lets in: the first unless the client asks for another of them by name
    /// (`?policy=`). Names of `GatewaySettings.policies`, at least one.
    package var policies: [String]

    package init(
        name: String, origins: [String]? = nil, addresses: [AddressRange]? = nil,
        policies: [String] = [Policy.defaultName]
    ) {
        self.name = name
        self.origins = origins
        self.addresses = addresses
        self.policies = policies
    }
}
