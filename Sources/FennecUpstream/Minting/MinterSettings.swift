package import GatewayCore

/// How tokens are asked for.
package struct MinterSettings: Sendable {
    /// The token endpoint.
    package var tokenURL: EndpointURL
    /// Path of a PEM bundle that replaces the system trust store.
    package var caFile: String?
    /// How connections leave this machine.
    package var proxy: ProxyChoice
    /// The longest that one attempt may take to connect, TLS included.
    package var connectTimeout: Duration
    /// The most connections at a time; what exceeds them waits its turn within its own time-out. Each TLS handshake
    /// draws on the secure heap.
    package var mostConnections: Int

    package init(
        tokenURL: EndpointURL, caFile: String? = nil, proxy: ProxyChoice = .environment,
        connectTimeout: Duration = .seconds(5), mostConnections: Int = 64
    ) {
        self.tokenURL = tokenURL
        self.caFile = caFile
        self.proxy = proxy
        self.connectTimeout = connectTimeout
        self.mostConnections = mostConnections
    }
}
