/// A `start` message as a value: what a client asks for, and what the gateway tells the upstream.
package struct StartMessage: Sendable, Equatable {
    /// The known settings that it carries.
    package private(set) var values: [StartField: StartValue] = [:]
    /// Members that are not known, apart from the known ones.
    package var unknown = JSONObject()
    /// Members of `vad` that are not known.
    package var unknownInVAD = JSONObject()
    /// Whether the client asked for gateway events (`"gateway":{"events":true}`); never sent on.
    package var wantsGatewayEvents = false

    /// A message that leaves every setting to the upstream.
    package init() {}

    /// The value of a setting; `nil` where the message leaves it to the upstream. A new value must fit the field.
    package subscript(field: StartField) -> StartValue? {
        get { values[field] }
        set {
            precondition(newValue?.fits(field.kind) ?? true, "\(field.rawValue) cannot have this value")
            values[field] = newValue
        }
    }

    /// Samples a second, if given.
    package var sampleRate: Int? { integer(.sampleRate) }

    /// How many channels, if given.
    package var channels: Int? { integer(.channels) }

    private func integer(_ field: StartField) -> Int? {
        if case .integer(let value) = values[field] { value } else { nil }
    }
}

extension StartMessage {
    /// Reads the members of a message whose `type` has been looked at. All of its problems are in the error, which is
    /// `startRefused`: a known field must have exactly its own kind (`400.0` is an integer, `"400"`, `true` and `null`
    /// are not). What the field means is not judged. Other members of `gateway` than `events` are dropped.
    package init(decoding object: JSONObject) throws(ClientMessageError) {
        var problems: [FieldProblem] = []
        for member in object.members where member.name != "type" {
            switch member.name {
            case "gateway": decodeGateway(member.value, &problems)
            case "vad": decodeVAD(member.value, &problems)
            default:
                guard let field = StartField.top[member.name] else {
                    unknown.append(member)
                    continue
                }
                decode(member.value, for: field, &problems)
            }
        }
        guard problems.isEmpty else { throw .startRefused(problems) }
    }

    private mutating func decode(_ value: JSONValue, for field: StartField, _ problems: inout [FieldProblem]) {
        values[field] = StartValue(value, for: field.kind)
        if values[field] == nil { problems.append(FieldProblem(field, value: value)) }
    }

    private mutating func decodeVAD(_ value: JSONValue, _ problems: inout [FieldProblem]) {
        guard let vad = value.object else {
            problems.append(FieldProblem(field: "vad", expected: "an object", given: value.kind))
            return
        }
        for member in vad.members {
            guard let field = StartField.vad[member.name] else {
                unknownInVAD.append(member)
                continue
            }
            decode(member.value, for: field, &problems)
        }
    }

    private mutating func decodeGateway(_ value: JSONValue, _ problems: inout [FieldProblem]) {
        guard let gateway = value.object else {
            problems.append(FieldProblem(field: "gateway", expected: "an object", given: value.kind))
            return
        }
        guard let events = gateway["events"] else { return }
        guard let wanted = events.bool else {
            problems.append(FieldProblem(field: "gateway.events", expected: "true or false", given: events.kind))
            return
        }
        wantsGatewayEvents = wanted
    }
}

extension StartMessage {
    /// The message for the upstream: the known settings and the unknown members, nothing of the gateway's own; `vad`
    /// only when it has members.
    package var json: JSONValue {
        var message = unknown
        var vad = unknownInVAD
        message.append(.init(name: "type", value: "start"))
        for (field, value) in values {
            let member = JSONObject.Member(name: field.name, value: value.json)
            if field.isInVAD { vad.append(member) } else { message.append(member) }
        }
        if !vad.isEmpty { message.append(.init(name: "vad", value: .object(vad))) }
        return .object(message)
    }
}
