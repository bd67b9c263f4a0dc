import GatewayCore

@testable import FennecUpstream

extension TokenMinter {
    /// The key that tests look for.
    static let testKey = "zq-test-api-key-0123456789"

    /// A minter for a server on loopback.
    static func testing(
        port: Int, scheme: EndpointURL.Scheme = .http, host: String = "127.0.0.1", caFile: String? = nil
    ) throws -> TokenMinter {
        let url = EndpointURL(scheme: scheme, host: host, port: port, path: "/streaming-token")
        return try TokenMinter(
            settings: MinterSettings(tokenURL: url, caFile: caFile))
    }

    /// Asks with the key that tests look for.
    func mint(timeout: Duration) async throws -> MintOutcome {
        await mint(with: try Self.key(Self.testKey), timeout: timeout)
    }

    static func key(_ text: String) throws -> Secret {
        try Array(text.utf8).withUnsafeBytes { try Secret(copying: $0) }
    }
}

extension MintOutcome {
    var failure: MintFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }

    var tokenText: String? {
        if case .token(let token, _) = self { token.withValue { $0 } } else { nil }
    }
}
