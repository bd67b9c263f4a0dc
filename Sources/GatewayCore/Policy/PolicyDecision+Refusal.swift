extension PolicyDecision {
    /// Why nothing goes upstream, as it is told to the client; `nil` when something does.
    package var refusal: ClientMessageError? {
        guard message == nil else { return nil }
        return .startRefused(fields.filter { $0.effect == .refused }.flatMap(\.problems))
    }
}

extension FieldDecision {
    /// What is wrong, as many times as it stands for a field.
    fileprivate var problems: [FieldProblem] {
        let problem = FieldProblem(field: subject.path, expected: allowed, given: given)
        if case .moreUnknown(let count) = subject { return Array(repeating: problem, count: count) }
        return [problem]
    }

    /// What came, without a word of a text that somebody may have spoken.
    private var given: String {
        guard let asked else { return "left out" }
        guard case .field(let field) = subject else { return asked.kind }
        switch asked {
        case .bool, .number: return asked.text
        case .string(let text) where field.kind != .string: return text
        case .string(let text) where reason == .max:
            return "\(text.unicodeScalars.count) characters (\(text.utf8.count) bytes)"
        default: return "this text"
        }
    }
}
