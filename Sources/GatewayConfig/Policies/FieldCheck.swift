import GatewayCore

/// Looks for contradictions in what a flattened policy says of one setting.
struct FieldCheck {
    let field: StartField
    let draft: FieldDraft
    /// The name of the policy; what others say was checked with them.
    let policy: String

    /// Reports everything.
    func run() {
        switch draft.limit {
        case .range(let min, let max):
            if isInOrder(min, max), let fallback = draft.fallback { checkRange(min, max, fallback) }
        case .length(let characters, let bytes):
            if let fallback = draft.fallback { checkLength(characters, bytes, fallback) }
        case .allowed(let allowed):
            guard let fallback = draft.fallback, !allowed.value.contains(fallback.value) else { return }
            report(fallback, "is not among the allowed values", allowed)
        case .fixed(let fixed):
            if let fallback = draft.fallback { report(fallback, "is never used beside the fixed value", fixed) }
        case .rule(let rule):
            if let fallback = draft.fallback { checkRule(rule, fallback) }
        case nil: break
        }
    }

    /// Whether something lies between the bounds; that nothing does is reported.
    private func isInOrder(_ min: Written<StartValue>?, _ max: Written<StartValue>?) -> Bool {
        guard let min, let max, let least = min.value.asDouble, let most = max.value.asDouble, least > most else {
            return true
        }
        if isSaidHere(max) {
            max.place.refuse(ValueError("is below the min \(min.value.json.text) of line \(min.line)"))
        } else if isSaidHere(min) {
            min.place.refuse(ValueError("is above the max \(max.value.json.text) of line \(max.line)"))
        }
        return false
    }

    private func checkRange(
        _ min: Written<StartValue>?, _ max: Written<StartValue>?, _ fallback: Written<StartValue>
    ) {
        guard let value = fallback.value.asDouble else { return }
        let isNever = field == .forceDecode && value == 0
        if let min, let least = min.value.asDouble, value < least, !isNever {
            report(fallback, "is below the min \(min.value.json.text)", min)
        }
        if let max, let most = max.value.asDouble, value > most || isNever {
            report(fallback, "\(isNever ? "means never, which " : "")is above the max \(max.value.json.text)", max)
        }
    }

    private func checkLength(_ characters: Written<Int>?, _ bytes: Written<Int>?, _ fallback: Written<StartValue>) {
        guard case .string(let text) = fallback.value else { return }
        if let characters, text.unicodeScalars.count > characters.value {
            report(fallback, "has more than the max_characters \(characters.value)", characters)
        }
        if let bytes, text.utf8.count > bytes.value {
            report(fallback, "has more than the max_bytes \(bytes.value)", bytes)
        }
    }

    private func checkRule(_ rule: Written<FieldDraft.Rule>, _ fallback: Written<StartValue>) {
        switch rule.value {
        case .deny where fallback.value != .boolean(false): report(fallback, "is never sent under the rule deny", rule)
        case .require where fallback.value == .boolean(false): report(fallback, "contradicts the rule require", rule)
        case .allow, .deny, .require: break
        }
    }

    /// Reports at what this policy says that the default does not fit the limit: the default itself, else the limit,
    /// else the preset.
    private func report<Limit>(_ fallback: Written<StartValue>, _ relation: String, _ limit: Written<Limit>) {
        let hint = "give \(field.rawValue) a default of its own in this policy"
        let value = fallback.value.json.text
        if isSaidHere(fallback), fallback.preset == nil {
            fallback.place.refuse(ValueError("\(relation) of line \(limit.line)"))
        } else if isSaidHere(limit) {
            let source =
                fallback.preset.map { "the preset \($0.rawValue) gives \(value), which" }
                ?? "the default \(value) of line \(fallback.line)"
            limit.place.refuse(ValueError("\(source) \(relation)", hint: hint))
        } else if isSaidHere(fallback) {
            fallback.place.refuse(
                ValueError("gives \(field.rawValue) \(value), which \(relation) of line \(limit.line)", hint: hint))
        }
    }

    private func isSaidHere<Value>(_ written: Written<Value>) -> Bool { written.policy == policy }
}
