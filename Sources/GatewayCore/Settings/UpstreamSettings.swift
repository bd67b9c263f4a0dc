/// The vendor's addresses and how to authenticate there.
package struct UpstreamSettings: Sendable, Equatable {
    /// The token endpoint: `http` or `https`.
    package var tokenURL: EndpointURL
    /// The stream endpoint: `ws` or `wss`.
    package var streamURL: EndpointURL
    /// Where the API key is read from; never the key itself.
    package var apiKey: KeySource
    /// Path of a PEM bundle that replaces the system trust store on both legs to the vendor.
    package var caFile: String?

    package init(tokenURL: EndpointURL, streamURL: EndpointURL, apiKey: KeySource, caFile: String? = nil) {
        self.tokenURL = tokenURL
        self.streamURL = streamURL
        self.apiKey = apiKey
        self.caFile = caFile
    }
}

/// Where a secret is read from.
package enum KeySource: Sendable, Equatable {
    /// A systemd credential of this name, in `$CREDENTIALS_DIRECTORY`.
    case credential(name: String)
    /// A file that others cannot read.
    case file(path: String)
}
