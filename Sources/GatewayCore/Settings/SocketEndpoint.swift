/// An address to bind.
package enum SocketEndpoint: Sendable, Equatable, CustomStringConvertible {
    /// An IPv4 or IPv6 literal (IPv6 without brackets) and a port; port 0 lets the kernel choose.
    case ip(host: String, port: Int)
    /// The path of a unix socket.
    case unix(path: String)

    /// As it stands in the configuration: `127.0.0.1:8080`, `[::1]:8080` or `unix:/path`.
    package var description: String {
        switch self {
        case .ip(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
