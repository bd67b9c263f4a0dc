/// A text message from a client, understood. What is sent on is written afresh from this, never the client's bytes.
package enum ClientMessage: Sendable, Equatable {
    case start(StartMessage)
    case eos
    case aiContext(text: String)
    case thoughtPacket(aiText: String, userText: String)

    /// Reads a whole text message. Members that are not known are kept in a `start` and dropped from all others.
    package static func decode(_ bytes: some Collection<UInt8>) throws(ClientMessageError) -> ClientMessage {
        let object = try readObject(bytes)
        switch object["type"]?.string {
        case "start": return .start(try StartMessage(decoding: object))
        case "eos": return .eos
        case "ai_context":
            let texts = try strings(["text"], of: object, kind: .aiContext)
            return .aiContext(text: texts[0])
        case "thought_packet":
            let texts = try strings(["ai_text", "user_text"], of: object, kind: .thoughtPacket)
            return .thoughtPacket(aiText: texts[0], userText: texts[1])
        case let type: throw .unknownMessage(hasType: type != nil)
        }
    }

    /// Which message behind `start` it is; `nil` for a `start`.
    package var kind: MessageLimits.Kind? {
        switch self {
        case .start: nil
        case .eos: .eos
        case .aiContext: .aiContext
        case .thoughtPacket: .thoughtPacket
        }
    }

    /// The message for the upstream, as JSON text in UTF-8.
    package var encoded: [UInt8] { json.encoded }

    private var json: JSONValue {
        switch self {
        case .start(let message): message.json
        case .eos: ["type": "eos"]
        case .aiContext(let text): ["type": "ai_context", "text": .string(text)]
        case .thoughtPacket(let aiText, let userText):
            ["type": "thought_packet", "ai_text": .string(aiText), "user_text": .string(userText)]
        }
    }

    private static func readObject(_ bytes: some Collection<UInt8>) throws(ClientMessageError) -> JSONObject {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            guard case .duplicateName = error.reason else { throw .notJSON(error) }
            throw refusal(of: bytes, duplicate: error)
        }
        guard let object = value.object else { throw .notAnObject(kind: value.kind) }
        return object
    }

    /// A message with a duplicate name is never used, but read to its end to tell whether it is JSON at all and
    /// whether it was meant as a `start`.
    private static func refusal(of bytes: some Collection<UInt8>, duplicate: JSONError) -> ClientMessageError {
        var reader = JSONReader(bytes, allowsDuplicateNames: true)
        do throws(JSONError) {
            let value = try reader.read()
            guard let object = value.object else { return .notAnObject(kind: value.kind) }
            let isStart = object.members.contains { $0.name == "type" && $0.value == "start" }
            return .duplicateName(duplicate, inStart: isStart)
        } catch {
            return .notJSON(error)
        }
    }

    private static func strings(
        _ names: [String], of object: JSONObject, kind: MessageLimits.Kind
    ) throws(ClientMessageError) -> [String] {
        var texts: [String] = []
        var problems: [FieldProblem] = []
        for name in names {
            if let text = object[name]?.string {
                texts.append(text)
            } else {
                let given = object[name]?.kind ?? "left out"
                problems.append(FieldProblem(field: "\(kind.rawValue).\(name)", expected: "a string", given: given))
            }
        }
        guard problems.isEmpty else { throw .messageRefused(kind, problems) }
        return texts
    }
}
