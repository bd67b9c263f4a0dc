/// What a ticket of the gateway's own says. It is signed, not sealed: its holder may read it, so nothing secret stands
/// in it.
package struct Ticket: Sendable, Equatable {
    /// Every ticket begins so; a credential without it is none.
    package static let prefix = "fgt_"

    /// Why a ticket was not taken.
    package enum Failure: Error, Sendable, Equatable {
        /// Not signed by this gateway, used before, or issued to a device that may no longer connect.
        case invalid
        case expired
    }

    /// Which ticket it is: sixteen random bytes, in hexadecimal.
    package var id: String
    /// The access rule under which it was issued.
    package var rule: String
    /// Whom its session is counted for.
    package var client: ClientIdentity
    /// The token by which its issuer was known, when that was a device.
    package var device: DeviceKey?
    /// What the JWT said by which its issuer was known, when it was one.
    package var token: TokenGrant?
    /// The origin whose pages may use it, in lower case; `nil` for programs.
    package var origin: String?
    /// The one policy that it is good for; `nil` leaves the choice to where it is used.
    package var policy: String?
    /// When it is good no more, in milliseconds since 1970.
    package var expires: Int

    package init(
        id: String, rule: String, client: ClientIdentity, device: DeviceKey? = nil, token: TokenGrant? = nil,
        origin: String? = nil, policy: String? = nil, expires: Int
    ) {
        self.id = id
        self.rule = rule
        self.client = client
        self.device = device
        self.token = token
        self.origin = origin
        self.policy = policy
        self.expires = expires
    }
}

/// What a JWT gives to the sessions of its holder.
package struct TokenGrant: Sendable, Equatable {
    /// The policy and the limits that its claims name.
    package var policy: String?
    package var limits: String?
    /// When sessions end with it, in milliseconds since 1970; `nil` when they don't.
    package var endsSessionsAt: Int?

    package init(policy: String? = nil, limits: String? = nil, endsSessionsAt: Int? = nil) {
        self.policy = policy
        self.limits = limits
        self.endsSessionsAt = endsSessionsAt
    }
}

/// One token of a device: the name stays when the token is replaced, the key does not.
package struct DeviceKey: Sendable, Hashable {
    package var name: String
    /// The beginning of the token's hash, in hexadecimal; it identifies the token and tells nothing of it.
    package var key: String

    package init(name: String, key: String) {
        self.name = name
        self.key = key
    }
}
