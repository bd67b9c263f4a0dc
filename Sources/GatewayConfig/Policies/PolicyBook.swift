import GatewayCore

/// The policies of a file, for the rules that name them.
struct PolicyBook {
    /// Flattened and free of contradictions, as far as no error was reported.
    private(set) var policies: [String: Policy] = [:]
    /// In the order of the file.
    private(set) var origins: [PolicyOrigin] = []
    private var drafts: [PolicyDraft] = []
    /// Whether the file has policies which could not be read: then every name may be one.
    private let isUnknown: Bool

    /// The most policies of a file.
    static let most = 1000

    /// Of a file without policies, or with `policies` that are none.
    init(isUnknown: Bool = false) {
        self.isUnknown = isUnknown
    }

    /// Of these policies, as they are written and in the order of the file.
    init(_ drafts: [PolicyDraft]) {
        let flattened = PolicyChains(drafts).flattened
        for draft in drafts {
            guard let flat = flattened[draft.name] else { continue }
            PolicyCheck(flat).run()
            policies[draft.name] = flat.policy
        }
        origins = drafts.map(\.origin)
        self.drafts = drafts
        isUnknown = false
    }
}

extension PolicyBook {
    /// The policies of a rule: the one that applies, then those that may be asked for. Unknown names are reported.
    func readNames(_ rule: ConfigSection) -> [String] {
        let applied = rule["policy"].flatMap(readName)
        let others = rule["policies"]?.list(of: "policies")?.compactMap { place in
            place.parsed(NameText.parse).map { (value: $0, place: place) }
        }
        for other in others ?? [] { check(other.value, other.place) }
        let first = rule["policy"].flatMap { place in applied.map { (value: $0, place: place) } }
        ConfigValue.refuseRepeated([first].compactMap(\.self) + (others ?? []))
        if rule["policy"] == nil { checkUnnamed(rule.value, others: others ?? []) }
        return [applied ?? Policy.defaultName] + (others ?? []).map(\.value)
    }

    private func readName(_ value: ConfigValue) -> String? {
        guard let name = value.parsed(NameText.parse) else { return nil }
        check(name, value)
        return name
    }

    private func check(_ name: String, _ place: ConfigValue) {
        guard !isUnknown, policies[name] == nil, name != Policy.defaultName else { return }
        guard PolicyPreset(rawValue: name) != nil else {
            return place.refuse(unknownPolicy: name, known: policies.keys)
        }
        place.warn(
            "there is no policy of this name, so it is the preset, which limits nothing",
            hint: "define one, with limits, by policies: { \(name): { preset: \(name) } }")
    }

    /// The policies that these rules name, and all that the file defines.
    func policies(for access: [AccessRule]) -> [String: Policy] {
        let presets = Set(access.flatMap(\.policies)).compactMap(PolicyPreset.init).map { preset in
            Policy(name: preset.rawValue, limits: preset.defaults.mapValues { FieldLimit(fallback: $0) })
        }
        return Dictionary(presets.map { ($0.name, $0) }) { $1 }.merging(policies) { $1 }
    }

    private func checkUnnamed(_ rule: ConfigValue, others: [(value: String, place: ConfigValue)]) {
        for (name, place) in others where name == Policy.defaultName {
            place.refuse(ValueError("applies already: the rule names no policy"))
        }
        guard !policies.isEmpty, policies[Policy.defaultName] == nil else { return }
        rule.warn(
            "names no policy, so it has the built-in default, which limits nothing",
            hint: "name one with policy, or define a policy named default")
    }

    /// Reports the policies that neither a rule uses nor another policy extends.
    func warnOfUnused(_ access: [AccessRule]) {
        let used = Set(access.flatMap(\.policies)).union(drafts.compactMap(\.extends?.value))
        for draft in drafts where !used.contains(draft.name) {
            draft.place.warn("no rule uses this policy", hint: "name it with policy or policies in a rule of access")
        }
    }
}
