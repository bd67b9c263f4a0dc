package import GatewayCore

/// How tokens are asked for.
package struct MinterSettings: Sendable {
    /// The token endpoint.
    package var tokenURL: EndpointURL
    /// Path of a PEM bundle that replaces the system trust store.
    package var caFile: String?
    /// The longest that one attempt may take to connect, TLS included.
    package var connectTimeout: Duration
    /// The most connections at a time; what exceeds them waits its turn within its own time-out. Each TLS handshake
    /// draws on the secure heap.
    package var mostConnections: Int
    /// A number from 0 up to 1, drawn anew for each pause before a retry.
    package var jitter: @Sendable () -> Double

    package init(
        tokenURL: EndpointURL, caFile: String? = nil, connectTimeout: Duration = .seconds(5),
        mostConnections: Int = 64, jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.tokenURL = tokenURL
        self.caFile = caFile
        self.connectTimeout = connectTimeout
        self.mostConnections = mostConnections
        self.jitter = jitter
    }
}
