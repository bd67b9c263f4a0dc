import GatewayCore

extension ConfigValue {
    /// One of a few words; `nil` is reported.
    func choice<Value>(of choices: [(word: String, value: Value)]) -> Value? {
        parsed { text throws(ValueError) in
            if let choice = choices.first(where: { $0.word == text }) { return choice.value }
            let words = choices.map(\.word)
            throw ValueError(
                "expected one of \(words.joined(separator: ", "))",
                suggestion: Suggestion.nearest(to: text, among: words))
        }
    }

    /// The values of a list, at least one; a scalar stands for a list of itself. `nil` is reported.
    func list(of expected: String) -> [ConfigValue]? {
        switch node.kind {
        case .sequence([]):
            refuse(ValueError("must not be empty"))
            return nil
        case .sequence(let items):
            return items.enumerated().map { index, item in child(item, "\(path)[\(index)]") }
        case .scalar(let text, let isPlain) where !(text.isEmpty && isPlain):
            return [self]
        default:
            refuseType(expected: "a list of \(expected)")
            return nil
        }
    }

    /// The values of a list of mappings, at least one; `nil` is reported.
    func sections(of expected: String) -> [ConfigValue]? {
        guard case .sequence = node.kind else {
            refuseType(expected: "a list of \(expected)")
            return nil
        }
        return list(of: expected)
    }

    /// A mapping of known keys; `nil` and unknown keys are reported, the latter with the hint for the key.
    func section(keys: [String], hints: [String: String] = [:]) -> ConfigSection? {
        guard case .mapping(let entries) = node.kind else {
            refuseType(expected: "a mapping with \(keys.joined(separator: ", "))")
            return nil
        }
        return ConfigSection(value: self, entries: entries, keys: keys, hints: hints)
    }

    /// A value inside of this one; what is secret stays so.
    func child(_ node: YAMLNode, _ path: String) -> ConfigValue {
        ConfigValue(node: node, path: path, findings: findings, isSecret: isSecret)
    }

    /// The path of a key of this mapping.
    func path(of key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    /// Reports values that repeat an earlier one; `values` are in the order of the file.
    static func refuseRepeated<Value: Hashable>(_ values: [(value: Value, place: ConfigValue)]) {
        var first: [Value: ConfigValue] = [:]
        for (value, place) in values {
            if let earlier = first[value] {
                place.refuse(ValueError("repeats \(earlier.path) of line \(earlier.node.start.line)"))
            } else {
                first[value] = place
            }
        }
    }
}
