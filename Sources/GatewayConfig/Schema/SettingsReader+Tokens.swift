import GatewayCore

extension SettingsReader {
    private static let keys = [
        "issuer", "audience", "keys", "algorithms", "client", "policy", "limits", "end_sessions",
    ]

    /// `jwt`; `nil` is reported.
    func readIssuers(_ value: ConfigValue) -> [IssuerSettings]? {
        guard let items = value.sections(of: "issuers") else { return nil }
        var names: [(value: String, place: ConfigValue)] = []
        var issuers: [IssuerSettings] = []
        for item in items {
            guard let section = item.section(keys: Self.keys) else { continue }
            let issuer = section.required("issuer")?.parsed(TokenText.issuer)
            if let issuer, let place = section["issuer"] { names.append((issuer, place)) }
            let audiences = section.required("audience").map {
                readList($0, of: "audiences") { $0.parsed(TokenText.audience) }
            }
            let keys = section.required("keys").flatMap(readKeySource)
            guard let issuer, let audiences, !audiences.isEmpty, let keys else { continue }
            var settings = IssuerSettings(issuer: issuer, audiences: audiences, keys: keys.source, caFile: keys.caFile)
            if let refresh = keys.refresh { settings.refresh = refresh }
            readMapping(section, into: &settings)
            issuers.append(settings)
        }
        ConfigValue.refuseRepeated(names)
        return issuers
    }

    private func readMapping(_ section: ConfigSection, into settings: inout IssuerSettings) {
        section.read("algorithms", into: &settings.algorithms) { value in
            let choices = SignatureAlgorithm.allCases.map { (word: $0.rawValue, value: $0) }
            let algorithms = readList(value, of: "algorithms") { $0.choice(of: choices) }
            return algorithms.isEmpty ? nil : algorithms
        }
        section.read("client", into: &settings.clientClaim) { $0.parsed(TokenText.claim) }
        section.read("policy", into: &settings.policyClaim) { $0.parsed(TokenText.claim) }
        section.read("limits", into: &settings.limitsClaim) { $0.parsed(TokenText.claim) }
        section.read("end_sessions", into: &settings.endsSessions) {
            $0.choice(of: [("true", true), ("false", false)])
        }
    }

    /// `keys`: a file, or a URL with what belongs to it; `nil` is reported.
    private func readKeySource(
        _ value: ConfigValue
    ) -> (source: IssuerSettings.Keys, caFile: String?, refresh: Duration?)? {
        guard let section = value.section(keys: ["file", "url", "ca_file", "refresh"]) else { return nil }
        let caFile = section["ca_file"].flatMap(readFile)
        var refresh: Duration?
        section.read("refresh", into: &refresh) { $0.duration(in: .seconds(10)...(.seconds(24 * 3600))) }
        switch (section["file"], section["url"]) {
        case (let place?, nil):
            for key in ["ca_file", "refresh"] {
                section[key]?.refuse(ValueError("is for keys that are fetched from a url"))
            }
            return readFile(place).map { (.file(path: $0), nil, nil) }
        case (nil, let place?):
            let url = place.parsed { text throws(ValueError) in
                try EndpointURLText.parse(
                    text, plain: .http, secure: .https, atStake: "anybody on the way could put in keys of their own")
            }
            return url.map { (.url($0), caFile, refresh) }
        default:
            value.refuse(ValueError("expected either file or url", hint: "such as url: https://id.example.com/jwks"))
            return nil
        }
    }

    /// `jwt` of a match: `any`, or conditions; `nil` when it could not be read.
    func readToken(_ value: ConfigValue, _ issuers: [IssuerSettings]) -> TokenPattern? {
        if issuers.isEmpty {
            value.refuse(ValueError("no issuer is known", hint: "add a section jwt with the issuer and its keys"))
        }
        if value.node.text == "any" { return TokenPattern() }
        let keys = ["issuer", "audience", "claims"]
        guard case .mapping = value.node.kind else {
            value.refuseType(expected: "any, or a mapping with \(keys.joined(separator: ", "))")
            return nil
        }
        guard let section = value.section(keys: keys) else { return nil }
        var pattern = TokenPattern()
        pattern.issuers = section["issuer"].map {
            readList($0, of: "issuers") {
                readKnown($0, among: issuers.map(\.issuer), "no issuer of jwt has this name")
            }
        }
        pattern.audiences = section["audience"].map {
            readList($0, of: "audiences") {
                readKnown($0, among: issuers.flatMap(\.audiences), "no issuer of jwt has this audience")
            }
        }
        if let claims = section["claims"] { pattern.claims = readClaims(claims) }
        let isEmpty = pattern.issuers == nil && pattern.audiences == nil && section["claims"] == nil
        if isEmpty {
            value.refuse(ValueError("expected at least one of \(keys.joined(separator: ", ")), or the word any"))
        }
        let isRead = pattern.issuers?.isEmpty != true && pattern.audiences?.isEmpty != true
        return isEmpty || !isRead || section["claims"] != nil && pattern.claims.isEmpty ? nil : pattern
    }

    private func readKnown(_ value: ConfigValue, among names: [String], _ words: String) -> String? {
        value.parsed { text throws(ValueError) in
            guard !names.isEmpty, !names.contains(text) else { return text }
            throw ValueError(words, suggestion: Suggestion.nearest(to: text, among: names))
        }
    }

    private func readClaims(_ value: ConfigValue) -> [TokenPattern.Claim] {
        guard case .mapping(let entries) = value.node.kind, !entries.isEmpty else {
            value.refuseType(expected: "a mapping from claims to values")
            return []
        }
        return entries.compactMap { entry in
            guard let name = value.child(entry.key, value.path).parsed(TokenText.claim) else { return nil }
            let place = value.child(entry.value, value.path(of: name))
            let values = readList(place, of: "values") { $0.parsed(TokenText.value) }
            return values.isEmpty ? nil : TokenPattern.Claim(name, values)
        }
    }
}
