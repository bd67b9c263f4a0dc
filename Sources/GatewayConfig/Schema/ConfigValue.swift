/// A node together with its place in the schema and with where its problems go.
struct ConfigValue {
    let node: YAMLNode
    /// Such as `listeners[0].address`.
    let path: String
    let findings: Findings
    /// Whether a secret may have been written here by mistake: nothing of it is shown.
    var isSecret = false

    /// Reports a problem of this value. `isSecret` hides the value even if it is not in a secret place.
    func refuse(_ error: ValueError, offending: String? = nil) {
        let hides = isSecret || error.isSecret
        if hides { findings.hide(node) }
        findings.report(
            ConfigProblem(
                mark: node.start, path: path, message: error.message, offending: hides ? nil : offending ?? node.text,
                suggestion: hides ? nil : error.suggestion, hint: error.hint))
    }

    /// Reports that the value is allowed, but doubtful.
    func warn(_ message: String, hint: String? = nil) {
        findings.report(
            ConfigProblem(severity: .warning, mark: node.start, path: path, message: message, hint: hint))
    }

    /// Reports that the value is of another type than expected, unless its own problem says enough.
    func refuseType(expected: String) {
        let found: String
        switch node.kind {
        case .alias: return
        case .sequence: found = "a list"
        case .mapping: found = "a mapping"
        case .scalar("", isPlain: true): found = "nothing"
        case .scalar(_, isPlain: true): found = "a plain word"
        case .scalar: found = "a quoted text"
        }
        refuse(ValueError("expected \(expected), found \(found)"))
    }
}

extension ConfigValue {
    /// The text of a scalar, quoted or not; `nil` is reported.
    func text(expected: String = "a text") -> String? {
        guard let text = node.text, !text.isEmpty else {
            refuseType(expected: expected)
            return nil
        }
        return text
    }

    /// A scalar that a grammar reads; `nil` is reported.
    func parsed<Value>(_ grammar: (String) throws(ValueError) -> Value) -> Value? {
        guard let text = text() else { return nil }
        do {
            return try grammar(text)
        } catch {
            refuse(error)
            return nil
        }
    }

    /// A whole number, unquoted; `nil` is reported.
    func integer(in bounds: ClosedRange<Int>) -> Int? {
        let expected = "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
        guard case .scalar(let text, isPlain: true) = node.kind, !text.isEmpty else {
            refuseType(expected: expected)
            return nil
        }
        guard let number = ASCII.number(text, digits: 18), bounds.contains(number) else {
            refuse(ValueError("expected \(expected)"))
            return nil
        }
        return number
    }

    /// A duration; `nil` is reported.
    func duration(in bounds: ClosedRange<Duration>) -> Duration? {
        parsed { text throws(ValueError) in
            guard let duration = DurationText.parse(text) else {
                throw ValueError("expected a duration such as 500ms, 20s, 10m or 1h30m")
            }
            guard bounds.contains(duration) else {
                let (least, most) = (DurationText.describe(bounds.lowerBound), DurationText.describe(bounds.upperBound))
                throw ValueError("must be from \(least) to \(most)")
            }
            return duration
        }
    }

    /// A size in bytes; `nil` is reported.
    func size(in bounds: ClosedRange<Int>) -> Int? {
        parsed { text throws(ValueError) in
            guard let size = ByteSizeText.parse(text) else {
                throw ValueError(
                    "expected a size such as 65536, 64KiB or 1MiB", suggestion: ByteSizeText.suggestion(for: text))
            }
            guard bounds.contains(size) else {
                let (least, most) = (ByteSizeText.describe(bounds.lowerBound), ByteSizeText.describe(bounds.upperBound))
                throw ValueError("must be from \(least) to \(most)")
            }
            return size
        }
    }
}
