import GatewayConfig
import GatewayCore
import NIOCore

/// An address to bind on the command line, spelt as in the configuration.
struct ListenArgument: Equatable, CustomStringConvertible {
    private let endpoint: SocketEndpoint

    /// Reads an IP address and a port.
    init(_ text: String) throws(ArgumentProblem) {
        do throws(ValueError) {
            endpoint = try SocketEndpointText.parseIP(text)
        } catch {
            let suggestion = error.suggestion.map { "; did you mean \($0)?" } ?? ""
            throw ArgumentProblem(error.message + (error.hint.map { "; \($0)" } ?? "") + suggestion)
        }
    }

    /// Of this machine alone.
    init(loopbackPort port: Int) {
        endpoint = .ip(host: "127.0.0.1", port: port)
    }

    /// Whether only this machine can connect.
    var isLoopback: Bool {
        guard case .ip(let host, _) = endpoint, let address = IPAddress(host) else { return true }
        return AddressRange.loopback.contains { $0.contains(address) }
    }

    /// What to bind.
    var socketAddress: SocketAddress {
        get throws {
            switch endpoint {
            case .ip(let host, let port): try SocketAddress(ipAddress: host, port: port)
            case .unix(let path): try SocketAddress(unixDomainSocketPath: path)
            }
        }
    }

    var description: String { endpoint.description }
}
