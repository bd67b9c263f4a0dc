import GatewayCore

/// Reads one policy as it is written.
struct PolicyReader {
    private var draft: PolicyDraft

    /// Reads the mapping that stands under the policy's name.
    static func read(_ value: ConfigValue, name: String, place: ConfigValue) -> PolicyDraft {
        var reader = PolicyReader(draft: PolicyDraft(name: name, place: place))
        guard let section = value.section(keys: keys, hints: hints) else {
            reader.draft.isDamaged = true
            return reader.draft
        }
        reader.read(section)
        return reader.draft
    }

    private mutating func read(_ section: ConfigSection) {
        draft.preset = word("preset", of: section)
        draft.extends = section["extends"].flatMap { place in
            place.parsed(NameText.parse).map { written($0, place) }
        }
        draft.isDamaged = section["extends"] != nil && draft.extends == nil
        draft.onViolation = word("on_violation", of: section)
        draft.unknownFields = word("unknown_fields", of: section)
        if let messages = section["messages"]?.section(keys: ["allow", "otherwise"]) {
            draft.messages = messages["allow"].flatMap(readMessages)
            draft.otherwise = word("otherwise", of: messages)
        }
        read(Self.ownFields, from: section)
        if let audio = section["audio"]?.section(keys: Self.audioFields.map(\.name)) {
            read(Self.audioFields, from: audio)
        }
        if let vad = section["vad"]?.section(keys: Self.vadFields.map(\.name), hints: Self.hintsInVAD) {
            read(Self.vadFields, from: vad)
        }
    }

    private mutating func read(_ fields: [StartField], from section: ConfigSection) {
        for field in fields {
            guard let place = section[field.name] else { continue }
            draft.fields[field] = FieldReader(field: field, policy: draft.name).read(place)
        }
    }

    private func readMessages(_ value: ConfigValue) -> Written<Set<MessageLimits.Kind>>? {
        let kinds = value.list(of: "messages")?.compactMap { place in
            place.choice(of: MessageLimits.Kind.allCases.map { ($0.rawValue, $0) }).map { (value: $0, place: place) }
        }
        guard let kinds else { return nil }
        ConfigValue.refuseRepeated(kinds)
        return written(Set(kinds.map(\.value)), value)
    }

    private func word<Value: RawRepresentable<String> & CaseIterable>(
        _ key: String, of section: ConfigSection
    ) -> Written<Value>? {
        section[key].flatMap { place in
            place.choice(of: Value.allCases.map { ($0.rawValue, $0) }).map { written($0, place) }
        }
    }

    private func written<Value>(_ value: Value, _ place: ConfigValue) -> Written<Value> {
        Written(value: value, place: place, policy: draft.name)
    }
}

extension PolicyReader {
    private static let audioFields = StartField.allCases.filter(\.isAudioFormat)
    private static let vadFields = StartField.allCases.filter(\.isInVAD)
    private static let ownFields = StartField.allCases.filter { !$0.isAudioFormat && !$0.isInVAD }

    private static let keys =
        ["preset", "extends", "on_violation", "unknown_fields", "messages", "audio"] + ownFields.map(\.name) + ["vad"]

    /// For settings that stand one level too high or too deep.
    private static let hints = Dictionary(
        uniqueKeysWithValues: audioFields.map { ($0.name, "it stands under audio") }
            + vadFields.map { ($0.name, "it stands under vad") })
    private static let hintsInVAD = Dictionary(
        uniqueKeysWithValues: ownFields.map { ($0.name, "it stands in the policy itself, beside vad") }
            + audioFields.map { ($0.name, "it stands under audio, beside vad") })
}
