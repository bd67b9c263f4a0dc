import GatewayCore

extension SettingsReader {
    /// `policies`; what is wrong is reported, and of what could not be read nothing more is.
    func readPolicies(_ value: ConfigValue) -> PolicyBook {
        guard case .mapping(let entries) = value.node.kind else {
            value.refuseType(expected: "a mapping of names to policies")
            return PolicyBook(isUnknown: true)
        }
        guard !entries.isEmpty, entries.count <= PolicyBook.most else {
            value.refuse(ValueError(entries.isEmpty ? "must not be empty" : "at most \(PolicyBook.most) policies"))
            return PolicyBook(isUnknown: true)
        }
        var drafts: [PolicyDraft] = []
        var names: Set<String> = []
        for entry in entries {
            // Keys that repeat or are no words are reported with the structure.
            guard let name = entry.key.text, names.insert(name).inserted else { continue }
            let path = value.path(of: ConfigProblem.printable(name))
            let place = value.child(entry.key, path)
            _ = place.parsed(NameText.parse)
            drafts.append(PolicyReader.read(value.child(entry.value, path), name: name, place: place))
        }
        return PolicyBook(drafts)
    }
}
