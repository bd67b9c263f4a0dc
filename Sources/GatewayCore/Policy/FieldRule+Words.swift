extension FieldRule {
    /// The most bytes of a description: a sentence about the field stays within 120.
    private static let mostBytes = 59

    /// What is allowed, in words that follow on "must be": `from 200 to 2000 (milliseconds)`.
    package var allowed: String {
        switch constraint {
        case .fixed(let value): withUnit(word(value))
        case .allowed(let members): list(members)
        case .denied: field.kind == .boolean ? "false" : "left out"
        case .required: field.kind == .boolean ? "true" : "given, \(range)"
        case .text(let characters, let bytes): length(characters, bytes)
        case .free, .range: range
        }
    }

    private var range: String {
        guard let bounds else { return field.kind.description }
        guard let max = bounds.max else {
            let least = "at least \(word(bounds.leastFinite))"
            return withUnit(bounds.zeroIsInfinite ? "\(word(.integer(0))) or \(least)" : least)
        }
        return withUnit("from \(word(bounds.leastFinite)) to \(word(max))")
    }

    private func word(_ value: StartValue) -> String {
        switch value {
        case .integer(0) where field.zeroIsInfinite: "0 for never"
        case .string(let text): quoted(text)
        default: value.json.text
        }
    }

    private func quoted(_ text: String) -> String {
        if case .choice = field.kind { return text }
        return text.isShortIdentifier ? "\"\(text)\"" : "a certain text"
    }

    /// As many members as there is room for.
    private func list(_ members: [StartValue]) -> String {
        guard members.count > 1 else { return withUnit(members.map(word).joined()) }
        var text = ""
        for count in 1...members.count {
            let rest = members.count - count
            let listed = members.prefix(count).map(word).joined(separator: ", ")
            let longer = "one of \(listed)" + (rest > 0 ? " or \(rest) more" : "") + unitSuffix
            guard count == 1 || longer.utf8.count <= Self.mostBytes else { break }
            text = longer
        }
        return text
    }

    private func length(_ characters: Int?, _ bytes: Int?) -> String {
        let limits = [characters.map { "\($0) characters" }, bytes.map { "\($0) bytes" }].compactMap(\.self)
        guard let first = limits.first else { return field.kind.description }
        return Self.fitting("at most \(limits.joined(separator: " and "))", "at most \(first)")
    }

    private func withUnit(_ text: String) -> String { Self.fitting(text + unitSuffix, text) }

    private var unitSuffix: String { field.unit == .none ? "" : " (\(field.unit.rawValue))" }

    /// Numbers that fill the room alone are left alone in it.
    private static func fitting(_ full: String, _ short: String) -> String {
        full.utf8.count <= mostBytes ? full : short
    }
}
