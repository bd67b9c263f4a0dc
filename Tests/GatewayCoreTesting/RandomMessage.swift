import GatewayCore

/// Text messages of clients, drawn at random: mostly a `start` with values on the edges of what is accepted, sometimes
/// with values of a wrong type, sometimes damaged, sometimes any JSON.
package enum RandomMessage {
    private static let integers = [
        "0", "-0", "1", "-1", "2", "9", "199", "200", "201.0", "2e3", "8000", "16000", "60001", "9223372036854775806",
        "9223372036854775807", "-9223372036854775808", "9223372036854775807.0", "0e999",
    ]
    private static let numbers = [
        "0.3", "0.30000000000000001", "0.29999999999999999", "0.45", "1.0000000000000002", "-1e-400", "5e-324", "1e308",
        "1.7976931348623157e308", "-1e308",
    ]
    private static let strings = [
        #""""#, #""legal""#, #""low""#, #""medium""#, #""h\u0069gh""#, #""é""#, #""e\u0301""#, #""zwei Wörter""#,
        #""\ud83d\udc4d\ud83c\udffd\u200d\u2640 abcdefghijkl""#, #""\u0000\u001f""#, #""0.5""#,
    ]
    private static let odd = [
        "null", "[]", "{}", "1e999", "9223372036854775808", "0.5", "[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]",
        #"{"a":{"a":[1e5]}}"#, "1" + String(repeating: "0", count: 400), #""\ud800""#, "01", "NaN",
    ]

    /// A whole message.
    package static func make(using random: inout some RandomNumberGenerator) -> [UInt8] {
        var bytes = Array((RandomPolicy.oneIn(20, &random) ? value(3, &random) : start(&random)).utf8)
        guard RandomPolicy.oneIn(10, &random), !bytes.isEmpty else { return bytes }
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(place...)
        default: bytes.insert(contentsOf: bytes[..<place], at: place)
        }
        return bytes
    }

    private static func start(_ random: inout some RandomNumberGenerator) -> String {
        let density = Int.random(in: 1...8, using: &random)
        var top = [#""type":"start""#]
        var vad: [String] = []
        for field in StartField.allCases where RandomPolicy.oneIn(density, &random) {
            let member = "\"\(field.name)\":\(value(of: field, &random))"
            if field.isInVAD { vad.append(member) } else { top.append(member) }
        }
        while RandomPolicy.oneIn(3, &random) { top.append(unknown(&random)) }
        while RandomPolicy.oneIn(3, &random) { vad.append(unknown(&random)) }
        if RandomPolicy.oneIn(8, &random) { top.append(#""gateway":{"events":true}"#) }
        if RandomPolicy.oneIn(8, &random) { top += (0..<40).map { "\"more\($0)\":\($0)" } }
        if !vad.isEmpty { top.append("\"vad\":{\(vad.shuffled(using: &random).joined(separator: ","))}") }
        return "{\(top.shuffled(using: &random).joined(separator: ", "))}"
    }

    private static func value(of field: StartField, _ random: inout some RandomNumberGenerator) -> String {
        if RandomPolicy.oneIn(60, &random) { return RandomPolicy.pick(odd, &random) }
        return switch field.kind {
        case .integer: RandomPolicy.pick(integers, &random)
        case .number: RandomPolicy.pick(numbers + integers, &random)
        case .boolean: Bool.random(using: &random) ? "true" : "false"
        case .string: RandomPolicy.pick(strings.dropLast(), &random)
        case .choice: RandomPolicy.pick([#""low""#, #""med\u0069um""#, #""high""#], &random)
        }
    }

    private static func unknown(_ random: inout some RandomNumberGenerator) -> String {
        let names = ["colour", "vad.threshold", "thr\\u0065shold", "min_silence_ms", "", "\\n", "größe", "a b"]
        return "\"\(RandomPolicy.pick(names, &random))\":\(value(2, &random))"
    }

    /// Any value, nested at most so deep.
    private static func value(_ depth: Int, _ random: inout some RandomNumberGenerator) -> String {
        let leaves = integers + numbers + strings + ["true", "false", "null"]
        guard depth > 0 else { return RandomPolicy.pick(leaves, &random) }
        let count = Int.random(in: 0..<4, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return "[" + (0..<count).map { _ in value(depth - 1, &random) }.joined(separator: ",") + "]"
        case 1:
            let members = (0..<count).map { "\(RandomPolicy.pick(strings, &random)):\(value(depth - $0, &random))" }
            return "{" + members.joined(separator: ",") + "}"
        default: return RandomPolicy.pick(leaves, &random)
        }
    }
}
