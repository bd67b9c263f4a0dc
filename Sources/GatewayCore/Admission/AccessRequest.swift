/// What admission looks at of a request.
package struct AccessRequest: Sendable, Equatable {
    /// The `Host` header as sent.
    package var host: String
    /// The `Origin` headers as sent; more than one is malformed, none is a program's request.
    package var origins: [String]
    /// The client; `nil` over a unix socket.
    package var remote: IPAddress?
    /// The address that the client connected to; `nil` over a unix socket.
    package var local: IPAddress?

    package init(host: String, origins: [String], remote: IPAddress?, local: IPAddress?) {
        self.host = host
        self.origins = origins
        self.remote = remote
        self.local = local
    }
}
