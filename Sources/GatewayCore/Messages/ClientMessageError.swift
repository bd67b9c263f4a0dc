/// Why a client's text message was not accepted.
package enum ClientMessageError: Error, Sendable, Equatable {
    case notJSON(JSONError)
    /// JSON, but no object.
    case notAnObject(kind: String)
    case duplicateName(JSONError, inStart: Bool)
    /// `type` is a string that is not known, or there is none.
    case unknownMessage(hasType: Bool)
    /// A `start` with these problems, at least one.
    case startRefused([FieldProblem])
    /// Another known message with these problems, at least one.
    case messageRefused(MessageLimits.Kind, [FieldProblem])

    /// How the session ends because of it.
    package var ending: Ending {
        switch self {
        case .notJSON, .notAnObject, .duplicateName(_, inStart: false): .notJSON
        case .unknownMessage: .unknownMessage
        case .duplicateName(_, inStart: true), .startRefused: .policyStartRefused
        case .messageRefused: .policyMessageRefused
        }
    }

    /// How the session ends when this was its first message, and what to tell the client: whatever is no `start` is
    /// told that one is expected, and what it was instead.
    package var asFirstMessage: (ending: Ending, message: String) {
        ending == .policyStartRefused
            ? (ending, message) : (.startExpected, "\(Ending.startExpected.message) \(message)")
    }

    /// The most problems that `message` lists.
    private static let mostProblems = 8

    /// What to tell the client: one sentence for each problem, at most eight and the number of the rest, each of at
    /// most 120 bytes. Of the message itself it quotes only numbers and short identifiers.
    package var message: String {
        switch self {
        case .notJSON(let error): "A text message must be one JSON object in UTF-8; found \(error)."
        case .notAnObject(let kind): "A text message must be one JSON object, not \(kind)."
        case .duplicateName(let error, _): "Every name must be unique in its object; found \(error)."
        case .unknownMessage(hasType: true): "Messages of this type are not known here; send \(Self.known)."
        case .unknownMessage(hasType: false): "A message needs a type; known are \(Self.known)."
        case .startRefused(let problems), .messageRefused(_, let problems): Self.list(problems)
        }
    }

    private static let known = "start, eos, ai_context or thought_packet"

    private static func list(_ problems: [FieldProblem]) -> String {
        let sentences = problems.prefix(mostProblems).map(\.description).joined(separator: " ")
        let rest = problems.count - mostProblems
        return rest > 0 ? "\(sentences) And \(rest) more." : sentences
    }
}
