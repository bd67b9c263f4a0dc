import GatewayCore

/// Reads what a policy says of one setting.
struct FieldReader {
    let field: StartField
    /// The name of the policy.
    let policy: String

    private static let words = FieldDraft.Rule.allCases.map(\.rawValue)
    private static let lengths = 1...(1 << 20)

    /// Reads a word, a value, a list of values, or a mapping that says more.
    func read(_ value: ConfigValue) -> FieldDraft {
        let errors = value.findings.errors.count
        var draft: FieldDraft
        if case .mapping = value.node.kind {
            draft = readMapping(value)
        } else {
            draft = FieldDraft(limit: readShort(value))
        }
        draft.isDamaged = value.findings.errors.count > errors
        return draft
    }

    private func readShort(_ value: ConfigValue) -> FieldDraft.Limit? {
        if let rule = value.node.text.flatMap(FieldDraft.Rule.init) { return .rule(written(rule, value)) }
        if case .sequence = value.node.kind, field.takesSets { return readAllowed(value) }
        if field.kind == .string, let text = value.node.text {
            // Any text would do as a fixed one, a misspelt word too.
            value.refuse(
                ValueError(
                    "expected one of \(Self.words.joined(separator: ", "))",
                    suggestion: Suggestion.nearest(to: text, among: Self.words),
                    hint: "a text that is always sent is written { fixed: TEXT }, a limit { max_characters: 500 }"))
            return nil
        }
        return value.startValue(of: field, or: Self.words).map {
            // A client that declares another format sends another: a fixed one would make noise of it.
            field.isAudioFormat ? .allowed(written([$0], value)) : .fixed(written($0, value))
        }
    }

    private func readMapping(_ value: ConfigValue) -> FieldDraft {
        guard let section = value.section(keys: keys, hints: hints) else { return FieldDraft() }
        if case .mapping([]) = value.node.kind {
            value.refuse(ValueError("an empty mapping: give one of \(keys.joined(separator: ", "))"))
        }
        return FieldDraft(
            limit: readLimit(section),
            fallback: section["default"].flatMap(readValue),
            onViolation: section["on_violation"].flatMap { place in
                place.choice(of: OnViolation.allCases.map { ($0.rawValue, $0) }).map { written($0, place) }
            })
    }

    /// Reads the one limit of the mapping, the first of several.
    private func readLimit(_ section: ConfigSection) -> FieldDraft.Limit? {
        let given = field.limitKeys.enumerated().flatMap { group, keys in
            keys.compactMap { key in section[key].map { (group: group, key: key, place: $0) } }
        }.sorted { $0.place.node.start < $1.place.node.start }
        let limits = field.limitKeys.map { read($0, section) }
        guard let first = given.first else { return nil }
        for other in given where other.group != first.group {
            let kinds = field.limitKeys.map { $0.joined(separator: " and ") }.joined(separator: "; ")
            other.place.refuse(
                ValueError("cannot stand beside \(first.key)", hint: "a setting has one kind of limit: \(kinds)"))
        }
        return limits[first.group]
    }

    private func read(_ keys: [String], _ section: ConfigSection) -> FieldDraft.Limit? {
        switch keys[0] {
        case "min":
            let (min, max) = (section["min"].flatMap(readValue), section["max"].flatMap(readMax))
            return min == nil && max == nil ? nil : .range(min: min, max: max)
        case "max_characters":
            let (characters, bytes) = (section[keys[0]].flatMap(readLength), section[keys[1]].flatMap(readLength))
            return characters == nil && bytes == nil ? nil : .length(characters: characters, bytes: bytes)
        case "allowed": return section["allowed"].flatMap(readAllowed)
        case "fixed": return section["fixed"].flatMap(readValue).map { .fixed($0) }
        default:
            return section["rule"].flatMap { place in
                place.choice(of: FieldDraft.Rule.allCases.map { ($0.rawValue, $0) }).map { .rule(written($0, place)) }
            }
        }
    }

    private func readAllowed(_ value: ConfigValue) -> FieldDraft.Limit? {
        let values = value.list(of: "values")?.compactMap { place in readValue(place) } ?? []
        ConfigValue.refuseRepeated(values.map { ($0.value.json.text, $0.place) })
        return values.isEmpty ? nil : .allowed(written(values.map(\.value), value))
    }

    private func readValue(_ value: ConfigValue) -> Written<StartValue>? {
        value.startValue(of: field).map { written($0, value) }
    }

    private func readMax(_ value: ConfigValue) -> Written<StartValue>? {
        guard let max = readValue(value) else { return nil }
        guard field != .forceDecode || max.value != .integer(0) else {
            value.refuse(
                ValueError(
                    "0 asks for infinity, so it is no maximum",
                    hint: "give the most milliseconds, or leave max away to allow infinity"))
            return nil
        }
        return max
    }

    private func readLength(_ value: ConfigValue) -> Written<Int>? {
        value.integer(in: Self.lengths).map { written($0, value) }
    }

    private func written<Value>(_ value: Value, _ place: ConfigValue) -> Written<Value> {
        Written(value: value, place: place, policy: policy)
    }
}

extension FieldReader {
    private var keys: [String] { field.limitKeys.flatMap(\.self) + ["default", "on_violation"] }

    /// For keys that are likely to be tried.
    private var hints: [String: String] {
        var hints = ["value": "write fixed for what is always sent, default for what is sent when the client is silent"]
        for word in Self.words { hints[word] = "write rule: \(word)" }
        switch field.kind {
        case .integer, .number: break
        case .boolean:
            hints.addHints("for true or false there are rule, fixed and default", for: "min", "max", "allowed")
        case .string:
            hints.addHints("a text is limited by max_characters and max_bytes", for: "min", "max", "max_length")
        case .choice: hints.addHints("write allowed, with a list of words", for: "min", "max")
        }
        return hints
    }
}

extension [String: String] {
    fileprivate mutating func addHints(_ hint: String, for keys: String...) {
        for key in keys { self[key] = hint }
    }
}

extension StartField {
    /// What limits it in a policy: kinds of limit that exclude each other, each with its keys.
    fileprivate var limitKeys: [[String]] {
        switch kind {
        case .integer, .number: [["min", "max"], ["allowed"], ["fixed"], ["rule"]]
        case .boolean: [["rule"], ["fixed"]]
        case .string: [["max_characters", "max_bytes"], ["rule"], ["fixed"]]
        case .choice: [["allowed"], ["rule"], ["fixed"]]
        }
    }

    fileprivate var takesSets: Bool { limitKeys.contains(["allowed"]) }
}

extension ConfigValue {
    /// A value of a setting of `start`; `nil` is reported. `words` are what else may stand here.
    fileprivate func startValue(of field: StartField, or words: [String] = []) -> StartValue? {
        guard case .scalar(let text, let isPlain) = node.kind else {
            refuseType(expected: StartValueText.expected(field, or: words))
            return nil
        }
        do {
            let value = try StartValueText.parse(text, isPlain: isPlain, for: field, or: words)
            if field.unit == .seconds, let seconds = value.asDouble, seconds >= 100 { warnOfSeconds(seconds) }
            return value
        } catch {
            refuse(error)
            return nil
        }
    }

    /// Every other duration of a `start` counts milliseconds.
    private func warnOfSeconds(_ seconds: Double) {
        let meant = JSONNumber(seconds / 1000).map { "; as many milliseconds are \($0.text)" } ?? ""
        warn("counts seconds, and these are minutes\(meant)")
    }
}
