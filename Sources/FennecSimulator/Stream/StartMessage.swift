/// A `start`, decoded by the stand-in's own rules: members that it doesn't know are ignored, members of the wrong type
/// or out of range refuse the message.
package struct StartMessage: Sendable, Equatable {
    /// How soon a pause completes a thought.
    package enum Eagerness: String, Sendable, CaseIterable {
        case low, medium, high

        /// The pause, in milliseconds.
        var pause: Int {
            switch self {
            case .low: 2000
            case .medium: 1200
            case .high: 600
            }
        }
    }

    /// Why a message is refused, in words for the client.
    package struct Refusal: Error, Sendable, Equatable {
        package var problem: String
    }

    package var sampleRate = 16_000
    package var channels = 1
    package var isSingleUtterance = false
    package var detectsThoughts = false
    package var eagerness = Eagerness.medium
    /// Seconds after which a thought is complete without a pause; `nil` for never.
    package var forceCompleteTime: Double?
    package var vad = VADSettings()

    /// Reads the JSON object.
    package init(_ object: JSONValue) throws(Refusal) {
        guard object["type"]?.string == "start" else { throw Refusal(problem: "expected a start message") }
        let fields = FieldReader(object, path: "")
        try fields.integer("sample_rate", 8000...48_000, &sampleRate)
        try fields.integer("channels", 1...2, &channels)
        try fields.bool("single_utterance", &isSingleUtterance)
        try fields.bool("detect_thoughts", &detectsThoughts)
        try fields.text("context")
        if let name = try fields.text("end_thought_eagerness") {
            guard let known = Eagerness(rawValue: name) else {
                throw Refusal(problem: "end_thought_eagerness must be low, medium or high")
            }
            eagerness = known
        }
        var force = 0.0
        try fields.number("force_complete_time", 0...86_400, &force)
        forceCompleteTime = force > 0 ? force : nil
        if let vad = object["vad"] { self.vad = try VADSettings(vad) }
    }
}

extension VADSettings {
    /// Reads a `vad` object.
    init(_ object: JSONValue) throws(StartMessage.Refusal) {
        guard case .object = object else { throw StartMessage.Refusal(problem: "vad must be an object") }
        self.init()
        let fields = FieldReader(object, path: "vad.")
        let milliseconds = 0...86_400_000
        try fields.number("threshold", 0...1, &threshold)
        try fields.integer("min_silence_ms", milliseconds, &minSilence)
        try fields.integer("speech_pad_ms", milliseconds, &speechPad)
        try fields.number("final_silence_s", 0...3600, &finalSilence)
        try fields.integer("start_trigger_ms", milliseconds, &startTrigger)
        try fields.integer("min_voiced_ms", milliseconds, &minVoiced)
        try fields.integer("min_chars", 0...1_000_000, &minCharacters)
        try fields.integer("min_words", 0...1_000_000, &minWords)
        try fields.integer("amp_extend", milliseconds, &soundExtension)
        try fields.integer("force_decode_ms", milliseconds, &forceDecode)
        try fields.bool("debug", &debug)
        try fields.bool("events", &events)
        try fields.integer("event_hz", 0...100, &eventRate)
    }
}

/// Reads optional members of an object.
private struct FieldReader {
    private let object: JSONValue
    private let path: String

    init(_ object: JSONValue, path: String) {
        self.object = object
        self.path = path
    }

    func integer(_ name: String, _ range: ClosedRange<Int>, _ field: inout Int) throws(StartMessage.Refusal) {
        guard let value = object[name] else { return }
        guard let integer = value.integer, range.contains(integer) else {
            throw refusal(name, "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        field = integer
    }

    func number(_ name: String, _ range: ClosedRange<Double>, _ field: inout Double) throws(StartMessage.Refusal) {
        guard let value = object[name] else { return }
        guard let number = value.double, range.contains(number) else {
            throw refusal(name, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        field = number
    }

    func bool(_ name: String, _ field: inout Bool) throws(StartMessage.Refusal) {
        guard let value = object[name] else { return }
        guard let bool = value.bool else { throw refusal(name, "true or false") }
        field = bool
    }

    @discardableResult
    func text(_ name: String) throws(StartMessage.Refusal) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw refusal(name, "a string") }
        return text
    }

    private func refusal(_ name: String, _ expected: String) -> StartMessage.Refusal {
        StartMessage.Refusal(problem: "\(path)\(name) must be \(expected)")
    }
}
