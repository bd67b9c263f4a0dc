package import GatewayCore

/// Addresses to bind: `127.0.0.1:8080`, `[::1]:8080`, `unix:/path`.
package enum SocketEndpointText {
    /// The longest path that fits into `sockaddr_un` with its final zero (unix(7)).
    private static let maxPathBytes = 107

    /// An IP address and a port; port 0 lets the kernel choose.
    package static func parseIP(_ text: String) throws(ValueError) -> SocketEndpoint {
        let expected = "expected an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080"
        guard IPAddress(text)?.bitWidth != 128 else {
            throw ValueError(expected, hint: "an IPv6 address stands in brackets")
        }
        guard let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") else {
            throw ValueError(expected, suggestion: suggestion(host: text, port: "8080"))
        }
        let (name, portText) = (text[..<colon], text[text.index(after: colon)...])
        guard let port = ASCII.port(portText) else {
            throw ValueError("the port must be from 0 to 65535")
        }
        let isBracketed = name.hasPrefix("[") && name.hasSuffix("]")
        let host = isBracketed ? name.dropFirst().dropLast() : name
        guard let address = IPAddress(host), isBracketed == host.contains(":") else {
            throw ValueError(expected, suggestion: suggestion(host: String(name), port: String(port)))
        }
        return .ip(host: address.description, port: port)
    }

    /// As `parseIP`, loopback only, or `unix:` with an absolute path.
    static func parseAdmin(_ text: String) throws(ValueError) -> SocketEndpoint {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard path.hasPrefix("/"), !path.hasSuffix("/"), path.utf8.count <= maxPathBytes else {
                throw ValueError("expected unix: and an absolute path of at most \(maxPathBytes) bytes")
            }
            return .unix(path: path)
        }
        let endpoint = try parseIP(text)
        guard case .ip(let host, _) = endpoint, let address = IPAddress(host), address.isLoopback else {
            throw ValueError(
                "the admin surface must not face the network",
                hint: "use a loopback address such as 127.0.0.1:9780, or unix:/run/fennec-gateway/admin.sock")
        }
        return endpoint
    }

    private static func suggestion(host: String, port: String) -> String? {
        switch host {
        case "localhost": "127.0.0.1:\(port)"
        case "", "*": "0.0.0.0:\(port)"
        case let host where IPAddress(host) != nil: "\(host):\(port)"
        default: nil
        }
    }
}

extension IPAddress {
    /// Whether it never leaves the machine (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3).
    var isLoopback: Bool { AddressRange.loopback.contains { $0.contains(self) } }
}
