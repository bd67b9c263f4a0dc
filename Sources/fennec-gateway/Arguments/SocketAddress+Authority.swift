import GatewayCore
import NIOCore

extension SocketAddress {
    /// As it stands in a URL: `127.0.0.1:9900`, `[::1]:9900`.
    var authority: String {
        guard let ipAddress, let port else { return String(describing: self) }
        return SocketEndpoint.ip(host: ipAddress, port: port).description
    }
}
