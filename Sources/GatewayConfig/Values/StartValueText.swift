import GatewayCore

/// Values of settings of `start` as they stand in a policy: plain numbers in the setting's own unit, `true`, `false`,
/// words and texts.
enum StartValueText {
    /// Reads a value that makes sense for the setting. `words` are what else may stand in its place, for the error.
    static func parse(
        _ text: String, isPlain: Bool, for field: StartField, or words: [String] = []
    ) throws(ValueError) -> StartValue {
        guard let value = read(text, for: field.kind) else {
            throw unreadable(text, isPlain: isPlain, for: field, or: words)
        }
        guard isPlain || field.takesText else {
            throw ValueError(
                "expected \(expected(field, or: words)), found a quoted text", hint: "write it without quotes")
        }
        if let range = field.meaningfulRange, let number = value.asDouble, !range.contains(number) {
            throw ValueError("must be \(describe(range))", suggestion: StartNumberGuess.meant(by: text, for: field))
        }
        return value
    }

    /// What may stand for a value, for errors; `words` are what else may.
    static func expected(_ field: StartField, or words: [String] = []) -> String {
        switch field.kind {
        case .choice(let choices): "one of \((choices + words).joined(separator: ", "))"
        case let kind where words.isEmpty: "\(kind)"
        case let kind: "\(kind), or one of \(words.joined(separator: ", "))"
        }
    }

    /// Numbers are read as JSON has them: YAML's rules would take some for octal or sexagesimal ones.
    private static func read(_ text: String, for kind: StartField.Kind) -> StartValue? {
        switch kind {
        case .integer: JSONNumber(text)?.asInteger.map(StartValue.integer)
        case .number: JSONNumber(text)?.asDouble.map(StartValue.number)
        case .boolean: ["true": .boolean(true), "false": .boolean(false)][text]
        case .choice(let choices): choices.contains(text) ? .string(text) : nil
        case .string: .string(text)
        }
    }

    private static func describe(_ range: ClosedRange<Double>) -> String {
        let least = Int(range.lowerBound)
        return range.upperBound.isFinite ? "from \(least) to \(Int(range.upperBound))" : "\(least) or more"
    }

    private static func unreadable(
        _ text: String, isPlain: Bool, for field: StartField, or words: [String]
    ) -> ValueError {
        let message = "expected \(expected(field, or: words))"
        guard !(text.isEmpty && isPlain) else { return ValueError("\(message), found nothing") }
        if let number = StartNumberGuess.meant(by: text, for: field) {
            return ValueError(message, suggestion: number, hint: field.unitHint)
        }
        let known: [String] =
            switch field.kind {
            case .boolean: ["true", "false"]
            case .choice(let choices): choices
            case .integer, .number, .string: []
            }
        let meant = field.kind == .boolean ? booleanWords[text.lowercased()] : nil
        return ValueError(message, suggestion: meant ?? Suggestion.nearest(to: text, among: known + words))
    }

    /// What YAML 1.1 takes for booleans.
    private static let booleanWords = [
        "yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false",
    ]
}

extension StartField {
    /// Whether its values are texts, which may stand in quotes.
    fileprivate var takesText: Bool {
        switch kind {
        case .string, .choice: true
        case .integer, .number, .boolean: false
        }
    }

    fileprivate var unitHint: String? {
        unit == .none ? nil : "write a plain number: it counts \(unit.rawValue)"
    }
}

extension StartValue {
    /// The value of a number; `nil` for all else.
    var asDouble: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .boolean, .string: nil
        }
    }
}
