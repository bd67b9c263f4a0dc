/// An absolute URL of one of the four schemes that the gateway speaks (RFC 3986 §3; RFC 6455 §3): no user
/// information, no query, no fragment, so that nothing secret can stand in it and it may be logged.
package struct EndpointURL: Sendable, Hashable, CustomStringConvertible {
    package enum Scheme: String, Sendable, Hashable {
        case http, https, ws, wss

        /// Whether the connection is TLS.
        package var isSecure: Bool { self == .https || self == .wss }
        /// The port when none is given.
        package var defaultPort: Int { isSecure ? 443 : 80 }
    }

    package let scheme: Scheme
    /// A name in lower case or an IP literal, IPv6 without brackets.
    package let host: String
    package let port: Int
    /// Begins with `/`.
    package let path: String

    package init(scheme: Scheme, host: String, port: Int? = nil, path: String = "/") {
        self.scheme = scheme
        self.host = host
        self.port = port ?? scheme.defaultPort
        self.path = path
    }

    /// Reads a URL; `nil` when it is not one, or has what this type excludes.
    package init?(_ text: String) {
        guard let mark = text.utf8.firstIndex(of: 58), text[mark...].hasPrefix("://"),
            let scheme = Scheme(rawValue: text[..<mark].lowercased())
        else { return nil }
        let rest = text[mark...].dropFirst(3)
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        guard path.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != 35 && $0 != 63 }),
            let (host, port) = Self.parse(authority: authority)
        else { return nil }
        self.init(scheme: scheme, host: host, port: port, path: path.isEmpty ? "/" : String(path))
    }

    /// `host`, `host:port`, `[v6]` or `[v6]:port`.
    private static func parse(authority: Substring) -> (host: String, port: Int?)? {
        var host = authority
        var port: Int?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            guard host.contains(":"), IPAddress(host) != nil else { return nil }
            let tail = authority[authority.index(after: end)...]
            if !tail.isEmpty {
                guard tail.first == ":", let given = parse(port: tail.dropFirst()) else { return nil }
                port = given
            }
            return (host.lowercased(), port)
        }
        if let colon = authority.firstIndex(of: ":") {
            guard let given = parse(port: authority[authority.index(after: colon)...]) else { return nil }
            port = given
            host = authority[..<colon]
        }
        let allowed = { (byte: UInt8) in
            (48...57).contains(byte) || (97...122).contains(byte | 32) || byte == 45 || byte == 46 || byte == 95
        }
        guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(allowed) else { return nil }
        return (host.lowercased(), port)
    }

    private static func parse(port text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            let port = Int(text), (1...65535).contains(port)
        else { return nil }
        return port
    }

    /// The host as it stands in a `Host` header or URL, with the port when it is not the scheme's own.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == scheme.defaultPort ? name : "\(name):\(port)"
    }

    package var description: String { "\(scheme.rawValue)://\(authority)\(path)" }
}
