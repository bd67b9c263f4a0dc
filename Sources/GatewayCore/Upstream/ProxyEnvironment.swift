/// An HTTP proxy that tunnels connections (RFC 9110 §9.3.6).
package struct ProxyAddress: Sendable, Equatable {
    /// A name or an IP literal.
    package var host: String
    package var port: Int
    /// `user:password`, for `Proxy-Authorization: Basic` (RFC 7617); secret.
    package var credentials: String?

    package init(host: String, port: Int, credentials: String? = nil) {
        self.host = host
        self.port = port
        self.credentials = credentials
    }
}

/// How connections to the service leave this machine.
package enum ProxyChoice: Sendable, Equatable {
    /// As `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say.
    case environment
    /// Straight.
    case direct
    case through(ProxyAddress)

    /// What of it holds on the way to `url`: a plain one is for this machine alone, and what goes there in clear text,
    /// the key above all, must not come by a proxy.
    package func onTheWay(to url: EndpointURL) -> ProxyChoice {
        url.scheme.isSecure ? self : .direct
    }

    /// The proxy that a stream to `url` goes through; `nil` when there is none.
    /// - Parameter variables: The environment.
    package func streamProxy(to url: EndpointURL, _ variables: [String: String]) throws(StreamProxyFailure)
        -> ProxyAddress?
    {
        let proxy: ProxyAddress?
        switch onTheWay(to: url) {
        case .direct: proxy = nil
        case .through(let address): proxy = address
        case .environment: proxy = try ProxyEnvironment(variables).proxy(for: url)
        }
        if proxy != nil, IPAddress(url.host) != nil { throw .address }
        return proxy
    }
}

/// Why streams cannot go through a proxy.
package enum StreamProxyFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// This variable of the environment is of another form than is known.
    case variable(String)
    /// The service is named by its address, and the certificate would be held against the proxy's.
    case address

    package var description: String {
        switch self {
        case .variable(let name):
            "\(name) is not of the form http://host:port, which is what streams can go through: "
                + "change it, or set upstream.proxy"
        case .address:
            "upstream.stream_url names an IP address, which no certificate can be checked for through a proxy: "
                + "name the host, or set upstream.proxy to off or NO_PROXY to the address"
        }
    }
}

/// What the environment says of proxies, read as libcurl reads it for the token requests
/// (https://curl.se/docs/manpage.html, "ENVIRONMENT"), so that streams go the same way.
package struct ProxyEnvironment: Sendable {
    private let variables: [String: String]

    package init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// The names of the variables that say where to go, the first that is set and not empty goes first.
    private static let names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    /// The names of all variables that are read.
    package static let variables = names + ["no_proxy", "NO_PROXY"]

    /// The proxy on the way to `url`, which is secure; `nil` when there is none.
    package func proxy(for url: EndpointURL) throws(StreamProxyFailure) -> ProxyAddress? {
        let set = Self.names.first { !(variables[$0] ?? "").isEmpty }
        guard let name = set, let text = variables[name], !isExempt(url.host) else { return nil }
        guard let proxy = Self.parse(text) else { throw .variable(name) }
        return proxy
    }

    private func isExempt(_ host: String) -> Bool {
        let list = variables["no_proxy"] ?? variables["NO_PROXY"] ?? ""
        if list == "*" { return true }
        let entries = list.split { $0 == "," || $0 == " " }
        if let address = IPAddress(host) {
            return entries.contains { entry in
                let bare = entry.hasPrefix("[") && entry.hasSuffix("]") ? entry.dropFirst().dropLast() : entry
                return AddressRange(bare)?.contains(address) == true
            }
        }
        return entries.contains { entry in
            let name = entry.lowercased().drop { $0 == "." }
            return !name.isEmpty && (host == name || host.hasSuffix(".\(name)"))
        }
    }

    /// `[http://][user:password@]host[:port][/]`; the port is 1080 when none is given.
    private static func parse(_ text: String) -> ProxyAddress? {
        var rest = Substring(text)
        if let mark = rest.utf8.firstIndex(of: UInt8(ascii: ":")), rest[mark...].hasPrefix("://") {
            guard rest[..<mark].lowercased() == "http" else { return nil }
            rest = rest[mark...].dropFirst(3)
        }
        rest = rest.prefix { $0 != "/" }
        var credentials: String?
        if let at = rest.lastIndex(of: "@") {
            guard let decoded = percentDecoded(rest[..<at]) else { return nil }
            credentials = decoded.contains(":") ? decoded : decoded + ":"
            rest = rest[rest.index(after: at)...]
        }
        let hasPort = rest.hasSuffix("]") ? false : rest.contains(":")
        guard let url = EndpointURL("http://\(rest)\(hasPort ? "" : ":1080")") else { return nil }
        return ProxyAddress(host: url.host, port: url.port, credentials: credentials)
    }

    private static func percentDecoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let digits = String(rest.prefix(2)), digits.utf8.count == 2, let value = UInt8(digits, radix: 16),
                digits.first != "+"
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
