import GatewayCore
import NIOCore

extension SocketAddress {
    /// The IP address without port and zone; `nil` for a unix socket.
    var address: IPAddress? {
        ipAddress.flatMap { IPAddress($0.prefix { $0 != "%" }) }
    }

    /// As an address of the configuration is written.
    var text: String {
        switch self {
        case .v4, .v6: SocketEndpoint.ip(host: ipAddress ?? "?", port: port ?? 0).description
        case .unixDomainSocket: SocketEndpoint.unix(path: pathname ?? "?").description
        }
    }
}
