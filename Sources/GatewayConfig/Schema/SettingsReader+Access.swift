import GatewayCore

extension SettingsReader {
    private static let ruleKeys = ["name", "match", "policy", "policies", "limits", "client", "tickets"]

    /// `access`, whose rules name policies of the file; `nil` is reported.
    /// - Parameter listeners: Those that rules may speak of; `nil` when they could not be read.
    func readAccess(
        _ value: ConfigValue, policies: PolicyBook, limits: [String: LimitSet]?, listeners: [ListenerSettings]?,
        issuers: [IssuerSettings]
    ) -> [AccessRule]? {
        guard let items = value.sections(of: "rules") else { return nil }
        var names: [(value: String, place: ConfigValue)] = []
        var rules: [(rule: AccessRule, place: ConfigValue)] = []
        for item in items {
            guard let section = item.section(keys: Self.ruleKeys) else { continue }
            let name = section.required("name")?.parsed(NameText.parse)
            if let name, let place = section["name"] { names.append((name, place)) }
            let named = policies.readNames(section)
            if var rule = section.required("match").flatMap({
                readMatch($0, name: name ?? "", listeners: listeners, issuers: issuers)
            }) {
                rule.policies = named
                readGifts(section, limits: limits, into: &rule)
                rules.append((rule, item))
            }
        }
        ConfigValue.refuseRepeated(names)
        refuseUnreachable(rules)
        return rules.map(\.rule)
    }

    private func readMatch(
        _ value: ConfigValue, name: String, listeners: [ListenerSettings]?, issuers: [IssuerSettings]
    ) -> AccessRule? {
        let keys = ["origin", "address", "device", "jwt", "client_certificate", "listener"]
        guard let section = value.section(keys: keys) else { return nil }
        guard keys.contains(where: { section[$0] != nil }) else {
            if case .mapping([]) = value.node.kind {
                value.refuse(ValueError("an empty match: give at least one of \(keys.joined(separator: ", "))"))
            }
            return nil
        }
        let origins = section["origin"].map { readList($0, of: "origins", readOrigin) }
        let addresses = section["address"].map {
            readList($0, of: "address ranges") { $0.parsed(AddressRangeText.parse) }
        }
        let devices = section["device"].map { readList($0, of: "names") { $0.parsed(NameText.parseGlob) } }
        let through = section["listener"].map {
            readList($0, of: "names") { readListener($0, among: listeners?.map(\.name)) }
        }
        let token = section["jwt"].map { readToken($0, issuers) }
        let certificate = section["client_certificate"].map { readCertificate($0, through: through, listeners) }
        // A condition that could not be read says nothing about what the rule covers.
        guard origins?.isEmpty != true, addresses?.isEmpty != true, devices?.isEmpty != true,
            through?.isEmpty != true, token != .some(nil), certificate != .some(nil)
        else { return nil }
        return AccessRule(
            name: name, origins: origins, addresses: addresses, devices: devices,
            token: token.flatMap(\.self), certificate: certificate.flatMap(\.self), listeners: through)
    }

    /// The alternatives of a key; empty when none could be read.
    func readList<Entry: Hashable>(
        _ value: ConfigValue, of expected: String, _ reader: (ConfigValue) -> Entry?
    ) -> [Entry] {
        let entries = value.list(of: expected)?.compactMap { place in reader(place).map { (value: $0, place: place) } }
        ConfigValue.refuseRepeated(entries ?? [])
        return entries?.map(\.value) ?? []
    }

    private func readListener(_ value: ConfigValue, among names: [String]?) -> String? {
        value.parsed { text throws(ValueError) in
            guard let names, !names.contains(text) else { return text }
            throw ValueError("no listener has this name", suggestion: Suggestion.nearest(to: text, among: names))
        }
    }

    private func readOrigin(_ value: ConfigValue) -> OriginPattern? {
        switch value.node.kind {
        case .scalar("null", isPlain: false): return OriginPattern("null")
        case .scalar("null", isPlain: true):
            value.refuse(
                ValueError(
                    "quote it to admit the opaque origin",
                    hint: "sandboxed frames and local files of anyone send Origin: null"))
            return nil
        default: return value.parsed(OriginText.parsePattern)
        }
    }

    /// Reports every rule that can never be the first to match.
    private func refuseUnreachable(_ rules: [(rule: AccessRule, place: ConfigValue)]) {
        for (index, later) in rules.enumerated() {
            guard let earlier = rules[..<index].first(where: { $0.rule.covers(later.rule) }) else { continue }
            later.place.refuse(
                ValueError(
                    "can never match: \(earlier.place.path) of line \(earlier.place.node.start.line) matches all of it"
                ), offending: later.rule.name.isEmpty ? nil : later.rule.name)
        }
    }
}
