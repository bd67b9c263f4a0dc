import GatewayCore

/// A server without TLS, with the query that endpoints elsewhere never have.
struct EchoTarget: Sendable, Equatable {
    let host: String
    let port: Int
    /// Begins with `/`.
    let pathAndQuery: String

    /// Reads `ws://HOST[:PORT][/PATH][?QUERY]`; `nil` for all else.
    init?(_ text: String) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let url = EndpointURL(String(parts[0])), url.scheme == .ws,
            parts.count == 1 || parts[1].utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        self.init(host: url.host, port: url.port, pathAndQuery: url.path + (parts.count > 1 ? "?" + parts[1] : ""))
    }

    private init(host: String, port: Int, pathAndQuery: String) {
        self.host = host
        self.port = port
        self.pathAndQuery = pathAndQuery
    }

    /// A resource below this one.
    func at(_ name: String, _ query: String?) -> EchoTarget {
        let folder = pathAndQuery.hasSuffix("/") ? pathAndQuery : pathAndQuery + "/"
        return EchoTarget(host: host, port: port, pathAndQuery: folder + name + (query.map { "?" + $0 } ?? ""))
    }
}
