import GatewayCore

/// The URL of a stream on the command line; unlike an endpoint of the configuration it may have a query.
struct StreamURL: Equatable {
    let endpoint: EndpointURL
    /// What stands behind `?`, as given.
    let query: String?

    /// Of a gateway with the demonstration's configuration.
    static let local = StreamURL(
        endpoint: EndpointURL(scheme: .ws, host: "127.0.0.1", port: 8080, path: "/api/v1/transcribe/stream"), query: nil
    )

    private init(endpoint: EndpointURL, query: String?) {
        self.endpoint = endpoint
        self.query = query
    }

    /// Reads `ws://HOST[:PORT]/PATH[?QUERY]`, or the same with `wss`.
    init(_ text: String) throws(ArgumentProblem) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let endpoint = EndpointURL(parts[0]) else {
            throw ArgumentProblem("expected a URL such as \(Self.local.endpoint), without user name or fragment")
        }
        guard endpoint.scheme == .ws || endpoint.scheme == .wss else {
            let scheme = endpoint.scheme.isSecure ? "wss" : "ws"
            throw ArgumentProblem("the scheme must be ws or wss; did you mean \(scheme)://\(endpoint.authority)…?")
        }
        let query = parts.count > 1 ? parts[1] : nil
        guard query?.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x23 }) ?? true else {
            throw ArgumentProblem("the query must be percent-encoded, and no fragment may follow it")
        }
        self.init(endpoint: endpoint, query: query)
    }

    /// The request target, with the ticket behind what the query has already.
    func pathAndQuery(ticket: String?) -> String {
        let parameters = [query, ticket.map { "streaming_token=\(Self.percentEncoded($0))" }].compactMap(\.self)
        return endpoint.path + (parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&"))
    }

    /// Everything but what RFC 3986 §2.3 calls unreserved is encoded.
    private static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
