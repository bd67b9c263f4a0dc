import GatewayCore

/// A `start` to measure with.
struct PolicyCostMessage {
    let name: String
    let text: [UInt8]

    /// The message as a value.
    /// - Throws: `ClientMessageError`.
    func read() throws -> StartMessage {
        guard case .start(let start) = try ClientMessage.decode(text) else {
            throw ClientMessageError.unknownMessage(hasType: true)
        }
        return start
    }

    /// The vendor's examples, and what is dear to read and to write: thousands of members, and one long text.
    static let all = PolicyPreset.allCases.map(example) + [members, context]

    /// Limits of every kind, defaults among them; members that are not known pass, and so must be written.
    static let policy = Policy(
        name: "bench",
        limits: [
            .sampleRate: FieldLimit(.allowed([.integer(16_000)])), .channels: FieldLimit(.allowed([.integer(1)])),
            .detectThoughts: FieldLimit(.denied), .context: FieldLimit(.text(maxCharacters: 500, maxBytes: 2000)),
            .threshold: FieldLimit(.range(min: .number(0.3), max: .number(0.8)), fallback: .number(0.45)),
            .minSilence: FieldLimit(.range(min: .integer(200), max: .integer(2000)), fallback: .integer(800)),
            .forceDecode: FieldLimit(.range(min: .integer(1000), max: .integer(60_000))),
            .debug: FieldLimit(.fixed(.boolean(false))),
        ], unknownFields: .pass)

    private static func example(_ preset: PolicyPreset) -> PolicyCostMessage {
        var start = StartMessage()
        for (field, value) in preset.defaults { start[field] = value }
        return PolicyCostMessage(name: preset.rawValue, text: ClientMessage.start(start).encoded)
    }

    private static let members: PolicyCostMessage = {
        let members = (0..<6000).map { "\"\(String($0, radix: 36))\":\($0)" }.joined(separator: ",")
        return PolicyCostMessage(name: "members", text: Array("{\"type\":\"start\",\"vad\":{\(members)}}".utf8))
    }()

    private static let context: PolicyCostMessage = {
        let words = String(repeating: "größer ", count: 7000)
        return PolicyCostMessage(name: "context", text: Array("{\"type\":\"start\",\"context\":\"\(words)\"}".utf8))
    }()
}
