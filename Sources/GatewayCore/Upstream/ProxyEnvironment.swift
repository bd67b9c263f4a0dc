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
}

/// What the environment says of proxies, read as libcurl reads it for the token requests
/// (https://curl.se/docs/manpage.html, "ENVIRONMENT"), so that streams go the same way.
package struct ProxyEnvironment: Sendable {
    /// A proxy that streams cannot go through.
    package struct Unusable: Error, Sendable, Equatable, CustomStringConvertible {
        package let variable: String
        package var description: String {
            "\(variable) is not of the form http://host:port, which is what streams can go through: "
                + "change it, or set upstream.proxy"
        }
    }

    private let variables: [String: String]

    package init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// The proxy on the way to `url`; `nil` when there is none.
    package func proxy(for url: EndpointURL) throws(Unusable) -> ProxyAddress? {
        // HTTP_PROXY in capitals may be a request header of a CGI program, and is not read.
        let own = url.scheme.isSecure ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        let set = (own + ["all_proxy", "ALL_PROXY"]).first { !(variables[$0] ?? "").isEmpty }
        guard let name = set, let text = variables[name], !isExempt(url.host) else { return nil }
        guard let proxy = Self.parse(text) else { throw Unusable(variable: name) }
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
