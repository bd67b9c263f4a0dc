import GatewayCore

/// A device as the registry has it.
package struct DeviceRecord: Sendable, Equatable {
    /// Unique; letters, digits, dots, dashes and underscores.
    package var name: String
    /// The policy that its sessions run under, whatever its access rule says; `nil` leaves it to the rule.
    package var policy: String?
    /// Milliseconds since 1970.
    package var added: Int
    /// When its token is good no more, in milliseconds since 1970; `nil` for never.
    package var expires: Int?
    /// When its token was taken away, in milliseconds since 1970.
    package var revoked: Int?
    /// When it last came, in milliseconds since 1970.
    package var lastSeen: Int?
    /// How many sessions it has had.
    package var sessions: Int
    /// Milliseconds of audio that it has sent.
    package var audio: Int
    /// SHA-256 of its token.
    var hash: [UInt8]

    /// Names its present token.
    var key: DeviceKey { DeviceKey(name: name, key: Digest.hexadecimal(hash.prefix(8))) }

    /// Whether it may connect.
    /// - Parameter now: Milliseconds since 1970.
    func state(now: Int) -> State {
        if revoked != nil { return .revoked }
        return expires.map { $0 <= now } == true ? .expired : .good
    }

    package enum State: String, Sendable {
        case good, revoked, expired
    }

    /// What it is in, now.
    package var presentState: State { state(now: Int(WallClock.milliseconds)) }
}
