import GatewayCore

/// One setting of the `start` message on the command line.
struct StartSetting: Equatable {
    /// Its path in the message, such as `["vad", "threshold"]`.
    let path: [String]
    let value: JSONValue

    /// Reads `key=value` for `vad`: a key that the service documents, with a value of its type.
    static func vad(_ text: String) throws(ArgumentProblem) -> StartSetting {
        let (key, value) = try split(text, example: "threshold=0.45")
        guard let field = StartField.allCases.first(where: { $0.isInVAD && $0.name == key }) else {
            let known = StartField.allCases.filter(\.isInVAD).map(\.name)
            let suggestion = Suggestion.nearest(to: key, among: known).map { "; did you mean \($0)?" } ?? ""
            throw ArgumentProblem("no VAD setting '\(key)'\(suggestion); known are \(known.joined(separator: ", "))")
        }
        return StartSetting(path: ["vad", key], value: try checked(value, field))
    }

    /// Reads `field=value` for any member of the message, dots leading into objects. Whatever is JSON goes as it is,
    /// right or wrong, so that a policy can be tried; all else is a string.
    static func any(_ text: String) throws(ArgumentProblem) -> StartSetting {
        let (key, value) = try split(text, example: "context=\"names of medicines\"")
        let path = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard path.allSatisfy({ !$0.isEmpty }), path.count <= 8 else {
            throw ArgumentProblem("'\(key)' is no path of names, such as vad.threshold")
        }
        guard path != ["type"] else { throw ArgumentProblem("the type of a start message is always start") }
        guard !takesText(key), let json = try? JSONValue(parsing: value.utf8) else {
            return StartSetting(path: path, value: .string(value))
        }
        return StartSetting(path: path, value: json)
    }

    private static func split(
        _ text: String, example: String
    ) throws(ArgumentProblem) -> (key: String, value: String) {
        guard let mark = text.firstIndex(of: "="), mark > text.startIndex else {
            throw ArgumentProblem("expected a name and a value, such as \(example)")
        }
        return (String(text[..<mark]), String(text[mark...].dropFirst()))
    }

    /// Texts of these fields need no quotes, even when they look like numbers.
    private static func takesText(_ key: String) -> Bool {
        switch StartField(rawValue: key)?.kind {
        case .string, .choice: true
        default: false
        }
    }

    private static func checked(_ text: String, _ field: StartField) throws(ArgumentProblem) -> JSONValue {
        let value = try? JSONValue(parsing: text.utf8)
        switch (field.kind, value) {
        case (.integer, .number(let number)?) where number.asInteger != nil: return .number(number)
        case (.number, .number(let number)?): return .number(number)
        case (.boolean, .bool(let bool)?): return .bool(bool)
        case (.integer, _): throw ArgumentProblem("\(field.name) takes an integer")
        case (.number, _): throw ArgumentProblem("\(field.name) takes a number")
        case (.boolean, _): throw ArgumentProblem("\(field.name) takes true or false")
        case (.string, _), (.choice, _): return .string(text)
        }
    }
}
