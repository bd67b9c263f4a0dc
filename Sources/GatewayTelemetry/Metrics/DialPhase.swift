/// The steps on the way to a stream, in their order.
package enum DialPhase: String, Sendable, CaseIterable {
    /// Finding the addresses of the host, or of the proxy.
    case dns
    /// Connecting, the tunnel through a proxy included.
    case tcp
    case tls
    /// The WebSocket handshake.
    case upgrade
    /// From `start` to the service's `ready`.
    case ready
}
