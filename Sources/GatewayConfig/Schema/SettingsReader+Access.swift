import GatewayCore

extension SettingsReader {
    /// `access`; `nil` is reported.
    func readAccess(_ value: ConfigValue) -> [AccessRule]? {
        guard let items = value.sections(of: "rules") else { return nil }
        var names: [(value: String, place: ConfigValue)] = []
        var rules: [(rule: AccessRule, place: ConfigValue)] = []
        for item in items {
            guard let section = item.section(keys: ["name", "match"]) else { continue }
            let name = section.required("name")?.parsed(NameText.parse)
            if let name, let place = section["name"] { names.append((name, place)) }
            if let rule = section.required("match").flatMap({ readMatch($0, name: name ?? "") }) {
                rules.append((rule, item))
            }
        }
        refuseRepeated(names)
        refuseUnreachable(rules)
        return rules.map(\.rule)
    }

    private func readMatch(_ value: ConfigValue, name: String) -> AccessRule? {
        guard let section = value.section(keys: ["origin", "address"]) else { return nil }
        guard section["origin"] != nil || section["address"] != nil else {
            if case .mapping([]) = value.node.kind {
                value.refuse(ValueError("an empty match: give origin, address or both"))
            }
            return nil
        }
        let origins = section["origin"].map(readOrigins)
        let addresses = section["address"].map(readAddresses)
        // A condition that could not be read says nothing about what the rule covers.
        guard origins?.isEmpty != true, addresses?.isEmpty != true else { return nil }
        return AccessRule(name: name, origins: origins, addresses: addresses)
    }

    private func readOrigins(_ value: ConfigValue) -> [String] {
        let origins = value.list(of: "origins")?.compactMap { place in
            readOrigin(place).map { (value: $0, place: place) }
        }
        refuseRepeated(origins ?? [])
        return origins?.map(\.value) ?? []
    }

    private func readOrigin(_ value: ConfigValue) -> String? {
        switch value.node.kind {
        case .scalar("null", isPlain: false): return "null"
        case .scalar("null", isPlain: true):
            value.refuse(
                ValueError(
                    "quote it to admit the opaque origin",
                    hint: "sandboxed frames and local files of anyone send Origin: null"))
            return nil
        default: return value.parsed(OriginText.parse)
        }
    }

    private func readAddresses(_ value: ConfigValue) -> [AddressRange] {
        let ranges = value.list(of: "address ranges")?.compactMap { place in
            place.parsed(AddressRangeText.parse).map { (value: $0, place: place) }
        }
        refuseRepeated(ranges ?? [])
        return ranges?.flatMap(\.value) ?? []
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
