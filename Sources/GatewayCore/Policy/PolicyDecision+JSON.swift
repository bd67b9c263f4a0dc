extension PolicyDecision {
    /// The decision as it is told to the client whom it concerns and by the offline tools:
    ///
    ///     {"policy":"dictation","verdict":"changed","fields":[
    ///       {"field":"vad.threshold","asked":0.9,"applied":0.8,"reason":"max","effect":"adjusted",
    ///        "allowed":"from 0.3 to 0.8"}]}
    ///
    /// `asked` is not there when the client was silent, `applied` when nothing goes upstream (or would, where it is only
    /// observed), `reason` when nothing is changed. What was asked may be a text: this is never logged.
    package var json: JSONValue {
        ["policy": .string(policy), "verdict": .string(verdict.rawValue), "fields": .array(fields.map(\.json))]
    }

    /// The event for clients that asked for the gateway's: the settings that went upstream, and the adjustments in the
    /// form in which `json` has them. It never has a `text` of its own, which clients would take for a transcript.
    package var event: JSONValue {
        var settings = message?.json.object ?? [:]
        settings["type"] = nil
        return [
            "type": "gateway.policy", "policy": .string(policy), "verdict": .string(verdict.rawValue),
            "settings": .object(settings), "adjustments": .array(adjustments.map(\.json)),
        ]
    }

    /// The most adjustments that a log line names: there is room for every setting.
    private static let mostLogged = 24

    /// What was adjusted, observed or refused and why, for the log line of a session: `vad.threshold:max`, separated by
    /// spaces, at most 24 and the number of the rest. No value is in it, and no name but short identifiers; other
    /// members that are not known are `unknown`. Empty when there is nothing to tell.
    package var summary: String {
        let adjustments = adjustments
        let pairs = adjustments.prefix(Self.mostLogged).compactMap(\.summary)
        let rest = adjustments.count - pairs.count
        return (pairs + (rest > 0 ? ["+\(rest)"] : [])).joined(separator: " ")
    }
}

extension FieldDecision {
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "field": .string(subject.path), "effect": .string(effect.rawValue), "allowed": .string(allowed),
        ]
        object["asked"] = asked
        object["applied"] = applied
        object["reason"] = reason.map { .string($0.rawValue) }
        return .object(object)
    }

    fileprivate var summary: String? {
        let name = subject.path.isShortIdentifier ? subject.path : subject.label
        return reason.map { "\(name):\($0.rawValue)" }
    }
}
