/// The vendor's addresses and how to authenticate there.
package struct UpstreamSettings: Sendable, Equatable {
    /// The token endpoint: `http` or `https`.
    package var tokenURL: EndpointURL
    /// The stream endpoint: `ws` or `wss`.
    package var streamURL: EndpointURL
    /// Where the API keys are read from; never the keys themselves.
    package var apiKeys: APIKeySettings
    /// How connections for tokens and streams leave this machine.
    package var proxy: ProxyChoice
    /// How many tokens are kept ready.
    package var tokenPool: TokenPoolSettings
    /// The most connections that wait for their clients' `start`; beyond it the dial waits for `start`.
    package var earlyConnections: Int
    /// Path of a PEM bundle that replaces the system trust store on both legs to the vendor.
    package var caFile: String?

    package init(
        tokenURL: EndpointURL, streamURL: EndpointURL, apiKeys: APIKeySettings, caFile: String? = nil,
        proxy: ProxyChoice = .environment, tokenPool: TokenPoolSettings = TokenPoolSettings(),
        earlyConnections: Int = 64
    ) {
        self.tokenURL = tokenURL
        self.streamURL = streamURL
        self.apiKeys = apiKeys
        self.proxy = proxy
        self.tokenPool = tokenPool
        self.earlyConnections = earlyConnections
        self.caFile = caFile
    }
}

/// The API keys and which of them serves.
package struct APIKeySettings: Sendable, Equatable {
    /// At least one. In their order, each steps in for those before it when the service refuses or slows these down.
    package var sources: [KeySource]
    /// One for each key when all of them serve, in this proportion; `nil` when the first that may serves.
    package var weights: [Int]?

    package init(sources: [KeySource], weights: [Int]? = nil) {
        self.sources = sources
        self.weights = weights
    }

    /// One key alone.
    package init(_ source: KeySource) { self.init(sources: [source]) }
}

/// Where a secret is read from.
package enum KeySource: Sendable, Hashable {
    /// A systemd credential of this name, in `$CREDENTIALS_DIRECTORY`.
    case credential(name: String)
    /// A file that others cannot read.
    case file(path: String)
}

extension KeySource: CustomStringConvertible {
    /// Its name for people.
    package var description: String {
        switch self {
        case .credential(let name): "the systemd credential \(name)"
        case .file(let path): path
        }
    }
}
