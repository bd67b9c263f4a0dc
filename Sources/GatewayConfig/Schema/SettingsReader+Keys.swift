import GatewayCore

extension SettingsReader {
    private static let hint = """
        keep the key out of this file: store it as a systemd credential and write \
        api_key: { credential: fennec-api-key }, or in a file that only the gateway can read and write \
        api_key: { file: /etc/fennec-gateway/api-key }
        """

    /// Either `api_key` or `api_keys` of the section; `nil` is reported.
    func readKeys(_ section: ConfigSection) -> APIKeySettings? {
        switch (section["api_key"], section["api_keys"]) {
        case (let one, nil):
            guard one != nil else { return section.required("api_key").flatMap { _ in nil } }
            return one.flatMap { readSecretPlace($0, hint: Self.hint) }.map { APIKeySettings($0.source) }
        case (nil, let several?): return readKeyList(several)
        case (_?, let several?):
            several.refuse(ValueError("stands beside api_key: give one or the other"))
            return nil
        }
    }

    private func readKeyList(_ value: ConfigValue) -> APIKeySettings? {
        var value = value
        value.isSecret = true
        guard let places = value.sections(of: "keys") else { return nil }
        let keys = places.map { readSecretPlace($0, mayHaveWeight: true, hint: Self.hint) }
        guard !keys.contains(where: { $0 == nil }) else { return nil }
        ConfigValue.refuseRepeated(zip(keys, places).compactMap { key, place in key.map { ($0.source, place) } })
        let weights = keys.map { $0?.weight }
        guard weights.contains(where: { $0 != nil }) else {
            return APIKeySettings(sources: keys.compactMap { $0?.source })
        }
        for (weight, place) in zip(weights, places) where weight == nil {
            place.refuse(ValueError("needs a weight, as another key has one"))
        }
        return APIKeySettings(sources: keys.compactMap { $0?.source }, weights: weights.compactMap { $0 })
    }

    /// Says where a secret is. Of a file it is checked that it is there; the secret itself is read only when the
    /// gateway starts, and a credential exists only then (systemd.exec(5)).
    func readSecretPlace(
        _ value: ConfigValue, mayHaveWeight: Bool = false, hint: String
    ) -> (source: KeySource, weight: Int?)? {
        var value = value
        value.isSecret = true
        guard case .mapping = value.node.kind else {
            if value.node.kind != .alias {
                value.refuse(ValueError("a literal key is refused", hint: hint))
            }
            return nil
        }
        let keys = ["credential", "file"] + (mayHaveWeight ? ["weight"] : [])
        guard let section = value.section(keys: keys) else { return nil }
        var weight: Int?
        section.read("weight", into: &weight) { $0.integer(in: 1...1000) }
        switch (section["credential"], section["file"]) {
        case (let place?, nil): return place.parsed(credentialName).map { (.credential(name: $0), weight) }
        case (nil, let place?): return readFile(place).map { (.file(path: $0), weight) }
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
