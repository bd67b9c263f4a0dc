import GatewayCore

/// URLs of the vendor.
enum EndpointURLText {
    /// Reads a URL of one of the two schemes; without TLS only when the host is this machine.
    /// - Parameter atStake: Why TLS is needed elsewhere.
    static func parse(
        _ text: String, plain: EndpointURL.Scheme, secure: EndpointURL.Scheme,
        atStake: String = "the key and the tokens would travel in clear text"
    ) throws(ValueError) -> EndpointURL {
        // What stands in these places is likely to be a password or a token.
        guard !text.contains(where: { "@?#".contains($0) }) else {
            throw ValueError("the URL must have no user name, query or fragment", isSecret: true)
        }
        guard let url = EndpointURL(text) else {
            throw ValueError("expected a URL that begins with \(secure.rawValue)://")
        }
        guard url.scheme == plain || url.scheme == secure else {
            let scheme = url.scheme.isSecure ? secure : plain
            let meant = EndpointURL(scheme: scheme, host: url.host, port: url.explicitPort, path: url.path)
            throw ValueError(
                "the scheme must be \(secure.rawValue)", suggestion: meant.allowsSecrets ? meant.description : nil)
        }
        guard url.allowsSecrets else {
            throw ValueError(
                "without TLS \(atStake)",
                hint: "use \(secure.rawValue)://; \(plain.rawValue):// is for loopback hosts only")
        }
        return url
    }
}

extension EndpointURL {
    /// The port unless it is the scheme's own.
    fileprivate var explicitPort: Int? { port == scheme.defaultPort ? nil : port }

    fileprivate var allowsSecrets: Bool {
        scheme.isSecure || host == "localhost" || IPAddress(host)?.isLoopback == true
    }
}
