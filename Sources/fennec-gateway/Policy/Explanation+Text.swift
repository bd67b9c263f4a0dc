import GatewayCore

extension Explanation {
    /// For people: a table of the decision, then what goes upstream or what the client is told instead.
    var text: String {
        var paragraphs: [String] = []
        if case .decided(let decision) = outcome, !decision.fields.isEmpty {
            let heading = ["field", "asked", "applied", "why", "allowed"]
            paragraphs.append("\(TextTable(heading: heading, rows: decision.fields.map(Self.row)))")
        }
        paragraphs.append(conclusion)
        return paragraphs.joined(separator: "\n")
    }

    private var conclusion: String {
        if let refusal {
            let end = "\(refusal.ending.closeCode) \(refusal.ending.rawValue)"
            return "Refused by \(policy), and closed with \(end):\n  \(refusal.words)\n"
        }
        guard case .decided(let decision) = outcome, let message = decision.message else { return "" }
        let observed = decision.fields.count { $0.effect == .observed }
        let note =
            observed == 0
            ? ""
            : "; the policy would change \(observed == 1 ? "a field" : "\(observed) fields") if it did not only observe"
        let verb = decision.verdict == .changed ? "Changed" : "Unchanged"
        return "\(verb) by \(policy)\(note). This goes upstream:\n\(message.json.text.printable)\n"
    }

    private static func row(_ field: FieldDecision) -> [String] {
        let why = [
            field.reason?.rawValue, field.effect == .adjusted || field.effect == .kept ? nil : field.effect.rawValue,
        ]
        return [
            field.subject.path, cell(field.asked, without: "-"), applied(field),
            why.compactMap(\.self).joined(separator: ", "), field.allowed,
        ]
    }

    private static func applied(_ field: FieldDecision) -> String {
        cell(field.applied, without: field.effect == .refused ? "-" : "left out")
    }

    /// A value as JSON, cut to a bearable width.
    private static func cell(_ value: JSONValue?, without: String) -> String {
        guard let text = value?.text.printable else { return without }
        return text.count <= 32 ? text : text.prefix(31) + "…"
    }
}

extension Explanation {
    /// For programs: the decision as the gateway tells it to clients, with what goes upstream as `upstream`, or with
    /// `error`, which has the `code`, `close_code` and `message` that the client would get, and maybe a `detail` that it
    /// would not.
    var json: JSONValue {
        var object: JSONObject = [
            "policy": .string(policy), "verdict": .string(verdict.rawValue), "fields": [],
        ]
        if case .decided(let decision) = outcome {
            object = decision.json.object ?? object
            object["upstream"] = decision.message?.json
        }
        if let refusal {
            let error: JSONObject = [
                "code": .string(refusal.ending.rawValue),
                "close_code": .number(JSONNumber(Int(refusal.ending.closeCode))), "message": .string(refusal.words),
            ]
            object["error"] = .object(error)
        }
        return .object(object)
    }
}
