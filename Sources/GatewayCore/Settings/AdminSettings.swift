/// The admin listener: metrics, health and control. Loopback or a unix socket only.
package struct AdminSettings: Sendable, Equatable {
    /// Where it binds; default `127.0.0.1:9780`.
    package var address: SocketEndpoint
    /// Who may open the unix socket.
    package var socket: SocketAccess
    /// Where the token is read from that every request must carry; `nil` when none is asked for.
    package var token: KeySource?

    package init(
        address: SocketEndpoint = .ip(host: "127.0.0.1", port: 9780), socket: SocketAccess = SocketAccess(),
        token: KeySource? = nil
    ) {
        self.address = address
        self.socket = socket
        self.token = token
    }
}

/// The permissions of a unix socket (unix(7)): who may write to it may connect.
package struct SocketAccess: Sendable, Equatable {
    /// Permission bits; default read and write for the owner alone.
    package var mode: UInt32
    /// The name of the group that it belongs to; `nil` leaves it to the gateway's own.
    package var group: String?

    package init(mode: UInt32 = 0o600, group: String? = nil) {
        self.mode = mode
        self.group = group
    }
}
