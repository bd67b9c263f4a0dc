import GatewayCore

/// Web origins in the one form in which browsers send them (RFC 6454 §6.2): lower case, without the scheme's own port.
enum OriginText {
    /// Reads an origin, or `scheme://*.domain[:port]` for all that lie one label below a domain.
    static func parsePattern(_ text: String) throws(ValueError) -> OriginPattern {
        guard text.contains("*") else { return OriginPattern(try parse(text)) }
        guard let (scheme, rest) = splitScheme(text), rest.hasPrefix("*."), !rest.dropFirst(2).contains("*"),
            let below = try? parse("\(scheme)://\(rest.dropFirst(2))"), isDomain(below.dropFirst(scheme.count + 3))
        else {
            throw ValueError(
                "a wildcard stands for one label below a domain, such as https://*.example.com",
                hint: "list other origins one by one")
        }
        return OriginPattern("\(scheme)://*.\(below.dropFirst(scheme.count + 3))")
    }

    /// Whether names can lie below it without being everybody's: a top-level domain has no owner, an address no names.
    private static func isDomain(_ authority: Substring) -> Bool {
        let host = authority.prefix { $0 != ":" }
        return host == "localhost" || host.contains(".") && IPAddress(host) == nil
    }

    /// Reads `scheme://host[:port]`; upper case and the scheme's own port are folded away.
    static func parse(_ text: String) throws(ValueError) -> String {
        guard let (scheme, rest) = splitScheme(text) else {
            throw ValueError(
                "expected an origin such as https://app.example.com",
                suggestion: (try? parse(authority: text[...], scheme: "https")).map { "https://\($0)" })
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = try parse(authority: authority, scheme: scheme)
        guard authority.endIndex == rest.endIndex else {
            throw ValueError("an origin has no path", suggestion: "\(scheme)://\(host)")
        }
        return "\(scheme)://\(host)"
    }

    /// RFC 3986 §3.1.
    private static func splitScheme(_ text: String) -> (scheme: String, rest: Substring)? {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
        let scheme = text[..<colon]
        guard let first = scheme.utf8.first, ASCII.isLetter(first),
            scheme.utf8.allSatisfy({ ASCII.isAlphanumeric($0) || $0 == 43 || $0 == 45 || $0 == 46 })
        else { return nil }
        return (scheme.lowercased(), text[colon...].dropFirst(3))
    }

    private static func parse(authority: Substring, scheme: String) throws(ValueError) -> String {
        guard !authority.contains("@") else {
            throw ValueError("an origin has no user name", isSecret: true)
        }
        let (name, portText) = split(authority: authority)
        var port = ""
        if let portText {
            guard let number = ASCII.port(portText), number > 0 else {
                throw ValueError("the port must be from 1 to 65535")
            }
            port = number == defaultPort(of: scheme) ? "" : ":\(number)"
        }
        return try parse(host: name) + port
    }

    private static func split(authority: Substring) -> (host: Substring, port: Substring?) {
        guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else {
            return (authority, nil)
        }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }

    private static func parse(host: Substring) throws(ValueError) -> String {
        if host.hasPrefix("["), host.hasSuffix("]") {
            // An IPv4-mapped address would fold to IPv4, which is another origin.
            guard let address = IPAddress(host.dropFirst().dropLast()), address.bitWidth == 128 else {
                throw ValueError("not an IPv6 address in brackets")
            }
            return "[\(address)]"
        }
        guard host.utf8.allSatisfy({ $0 < 128 }) else {
            throw ValueError("write the host in its ASCII form, which begins with xn--")
        }
        guard !host.contains(":"), let parsed = HostText.parse(host) else {
            throw ValueError("expected an origin such as https://app.example.com")
        }
        return parsed
    }

    private static func defaultPort(of scheme: String) -> Int? {
        switch scheme {
        case "http": 80
        case "https": 443
        default: nil
        }
    }
}
