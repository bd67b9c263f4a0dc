import GatewayCore

/// A text message from the other side, read for people.
struct ReceivedMessage: Equatable {
    /// What it is to a client.
    enum Content: Equatable {
        case ready
        case partial(String)
        case final(String)
        /// Repeats what finals said, under this name.
        case remark(String, String)
        /// In words.
        case error(String)
        case other
    }

    let content: Content
    /// The message as one line of JSON; a string when it is no JSON.
    let line: String

    init(_ bytes: some Collection<UInt8>) {
        let value = try? JSONValue(parsing: bytes)
        line = (value ?? .string(String(decoding: bytes, as: UTF8.self))).text
        let text = value?.object?["text"]?.string ?? ""
        switch ServerMessage(bytes).kind {
        case .ready: content = .ready
        case .partial: content = .partial(text)
        case .final: content = .final(text)
        case .thought: content = .remark("thought", text)
        case .corrected: content = .remark("corrected", text)
        case .error: content = .error(Self.words(value?.object ?? [:]))
        case .vadEvent, .utteranceEvent, .other: content = .other
        }
    }

    /// The gateway's own errors say more than the service's: a code, and whether and when to come back.
    private static func words(_ error: JSONObject) -> String {
        let said = error["message"]?.string ?? error["error"]?.string ?? JSONValue.object(error).text
        guard error["origin"]?.string == "gateway" else { return "the service says: \(said)" }
        var remarks: [String] = []
        if let code = error["code"]?.string { remarks.append(code) }
        if let retryable = error["retryable"]?.bool {
            remarks.append(retryable ? "try again" : "trying again is no use")
        }
        if let pause = error["retry_after_ms"]?.number { remarks.append("after \(pause) ms") }
        return "the gateway says: \(said)" + (remarks.isEmpty ? "" : " (\(remarks.joined(separator: ", ")))")
    }
}
