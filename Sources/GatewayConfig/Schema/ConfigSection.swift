import GatewayCore

/// A mapping of which the schema knows every key.
struct ConfigSection {
    let value: ConfigValue
    private var values: [String: ConfigValue] = [:]

    /// Reports the keys that are unknown; repeated ones are for `StructureCheck` to report, the first of them counts.
    /// `hints` say of keys that are known elsewhere, or are likely to be tried, what to write instead.
    init(value: ConfigValue, entries: [YAMLNode.Entry], keys: [String], hints: [String: String] = [:]) {
        self.value = value
        for entry in entries {
            guard let key = entry.key.text else { continue }
            if !keys.contains(key) {
                report(unknown: key, entry: entry, keys: keys, hint: hints[key])
            } else if values[key] == nil {
                values[key] = value.child(entry.value, value.path(of: key))
            }
        }
    }

    private func report(unknown key: String, entry: YAMLNode.Entry, keys: [String], hint: String?) {
        if mayHoldSecret(unknown: key) { value.findings.hide(entry.value) }
        // The key itself may be the secret.
        guard !value.isSecret else {
            value.findings.hide(entry.key)
            value.findings.report(
                ConfigProblem(
                    mark: entry.key.start, path: value.path,
                    message: "unknown key, known are \(keys.joined(separator: ", "))"))
            return
        }
        let path = value.path(of: ConfigProblem.printable(key))
        value.findings.report(
            ConfigProblem(
                mark: entry.key.start, path: path, message: "unknown key", offending: key,
                suggestion: hint == nil ? Suggestion.nearest(to: key, among: keys) : nil, hint: hint))
    }

    /// Whether the API key may stand here under a misspelt or misplaced key.
    private func mayHoldSecret(unknown key: String) -> Bool {
        let words = ["key", "token", "secret", "password", "credential"]
        let lower = key.lowercased()
        return value.isSecret || ["", "upstream"].contains(value.path)
            || words.contains { lower.split(separator: $0, maxSplits: 1, omittingEmptySubsequences: false).count > 1 }
    }

    /// The value of a key, if it is there.
    subscript(key: String) -> ConfigValue? { values[key] }

    /// The value of a key; its absence is reported.
    func required(_ key: String) -> ConfigValue? {
        if let found = values[key] { return found }
        value.findings.report(
            ConfigProblem(mark: value.node.start, path: value.path(of: key), message: "is required"))
        return nil
    }

    /// Reads the value of a key into a setting; without the key, or with a problem, the setting stays as it is.
    func read<Setting>(_ key: String, into setting: inout Setting, _ reader: (ConfigValue) -> Setting?) {
        if let read = values[key].flatMap(reader) { setting = read }
    }
}
