import GatewayCore

extension SettingsReader {
    private static let vendor = "api.fennec-asr.com"
    /// The vendor's token endpoint.
    static let tokenURL = EndpointURL(scheme: .https, host: vendor, path: "/api/v1/transcribe/streaming-token")
    /// The vendor's stream endpoint.
    static let streamURL = EndpointURL(scheme: .wss, host: vendor, path: "/api/v1/transcribe/stream")

    /// `upstream`; `nil` is reported.
    func readUpstream(_ value: ConfigValue) -> UpstreamSettings? {
        let keys = [
            "token_url", "stream_url", "api_key", "api_keys", "ca_file", "proxy", "token_pool",
            "early_connections",
        ]
        guard let section = value.section(keys: keys) else { return nil }
        var (tokenURL, streamURL) = (Self.tokenURL, Self.streamURL)
        section.read("token_url", into: &tokenURL) { place in
            place.parsed { text throws(ValueError) in
                try EndpointURLText.parse(text, plain: .http, secure: .https)
            }
        }
        section.read("stream_url", into: &streamURL) { place in
            place.parsed { text throws(ValueError) in try EndpointURLText.parse(text, plain: .ws, secure: .wss) }
        }
        let caFile = section["ca_file"].flatMap(readFile)
        var proxy = ProxyChoice.environment
        section.read("proxy", into: &proxy, readProxy)
        var pool = TokenPoolSettings()
        section.read("token_pool", into: &pool, readTokenPool)
        var early = 64
        section.read("early_connections", into: &early) { $0.integer(in: 0...1_000_000) }
        guard let apiKeys = readKeys(section) else { return nil }
        return UpstreamSettings(
            tokenURL: tokenURL, streamURL: streamURL, apiKeys: apiKeys, caFile: caFile, proxy: proxy,
            tokenPool: pool, earlyConnections: early)
    }

    /// `proxy`: `off` or the URL of an HTTP proxy; `nil` is reported.
    private func readProxy(_ value: ConfigValue) -> ProxyChoice? {
        value.parsed { text throws(ValueError) in
            if text == "off" { return .direct }
            guard !text.contains("@") else {
                throw ValueError(
                    "a password is refused here", hint: "set HTTPS_PROXY in the unit's environment instead",
                    isSecret: true)
            }
            guard let url = EndpointURL(text), url.scheme == .http, url.path == "/" else {
                throw ValueError("expected off or a URL such as http://proxy.example.com:3128")
            }
            return .through(ProxyAddress(host: url.host, port: url.port))
        }
    }

    /// `token_pool`; `nil` is reported.
    private func readTokenPool(_ value: ConfigValue) -> TokenPoolSettings? {
        guard let section = value.section(keys: ["floor", "ceiling", "max_age"]) else { return nil }
        var pool = TokenPoolSettings()
        section.read("ceiling", into: &pool.ceiling) { $0.integer(in: 0...10_000) }
        pool.floor = min(pool.floor, pool.ceiling)
        section.read("floor", into: &pool.floor) { $0.integer(in: 0...10_000) }
        section.read("max_age", into: &pool.maxAge) { $0.duration(in: .seconds(1)...(.seconds(24 * 3600))) }
        if let place = section["floor"], pool.floor > pool.ceiling {
            place.refuse(ValueError("must not be above the ceiling, which is \(pool.ceiling)"))
        }
        return pool
    }
}
