import GatewayCore

extension SettingsReader {
    private static let vendor = "api.fennec-asr.com"
    /// The vendor's token endpoint.
    static let tokenURL = EndpointURL(scheme: .https, host: vendor, path: "/api/v1/transcribe/streaming-token")
    /// The vendor's stream endpoint.
    static let streamURL = EndpointURL(scheme: .wss, host: vendor, path: "/api/v1/transcribe/stream")

    /// `upstream`; `nil` is reported.
    func readUpstream(_ value: ConfigValue) -> UpstreamSettings? {
        guard let section = value.section(keys: ["token_url", "stream_url", "api_key", "ca_file"]) else { return nil }
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
        guard let key = section.required("api_key").flatMap(readKeySource) else { return nil }
        return UpstreamSettings(tokenURL: tokenURL, streamURL: streamURL, apiKey: key, caFile: caFile)
    }

    /// Says where the key is. Of a file it is checked that it is there; the key itself is read only when the gateway
    /// starts, and a credential exists only then (systemd.exec(5)).
    private func readKeySource(_ value: ConfigValue) -> KeySource? {
        var value = value
        value.isSecret = true
        let hint = """
            keep the key out of this file: store it as a systemd credential and write \
            api_key: { credential: fennec-api-key }, or in a file that only the gateway can read and write \
            api_key: { file: /etc/fennec-gateway/api-key }
            """
        guard case .mapping = value.node.kind else {
            if value.node.kind != .alias {
                value.refuse(ValueError("a literal key is refused", hint: hint))
            }
            return nil
        }
        guard let section = value.section(keys: ["credential", "file"]) else { return nil }
        switch (section["credential"], section["file"]) {
        case (let place?, nil): return place.parsed(credentialName).map { .credential(name: $0) }
        case (nil, let place?): return readFile(place).map { .file(path: $0) }
        default:
            value.refuse(ValueError("expected either credential or file", hint: hint))
            return nil
        }
    }

    /// A file name, because that is what a credential is in `$CREDENTIALS_DIRECTORY` (systemd.exec(5)).
    private func credentialName(_ text: String) throws(ValueError) -> String {
        guard text.utf8.count <= 255, text != ".", text != "..",
            text.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != 47 && $0 != 58 })
        else { throw ValueError("expected the name of a systemd credential, such as fennec-api-key") }
        return text
    }
}
