/// What the gateway meters of a text message from the vendor: its kind and how much text it carries, never the text.
/// The message itself is relayed untouched whatever this says.
///
/// An object's `type` decides first (`error`, `ready`, `complete_thought`, `corrected_transcript`, `vad`,
/// `utterance`). What else has a `text` is a transcript: `is_final` decides when it is there; without it `partial` and
/// `interim` are partial, and no type at all, `transcript`, `final` and `final_transcript` are final. Other types with
/// a text, such as `debug`, are none. An `error` member that is not null makes an error of anything.
package struct ServerMessage: Sendable, Equatable {
    /// What a message is to the meter.
    package enum Kind: Sendable, Equatable {
        case ready
        case partial
        case final
        /// A complete thought, which repeats what finals said.
        case thought
        /// A corrected transcript, which repeats what a final said.
        case corrected
        /// The state, when it is a short identifier.
        case vadEvent(state: String?)
        /// The phase, when it is a short identifier.
        case utteranceEvent(phase: String?)
        case error
        /// Anything else, what is not JSON included.
        case other
    }

    /// What it is.
    package let kind: Kind
    /// Words of the text: runs of what is not white space. 0 where there is no transcript, thought or correction.
    package let words: Int
    /// Unicode scalars of the text, white space included: unlike grapheme clusters they are the same whatever the
    /// version of Unicode.
    package let characters: Int

    /// Whether the vendor heard somebody speak.
    package var tellsOfSpeech: Bool {
        switch kind {
        case .partial, .final, .thought, .corrected, .utteranceEvent: true
        case .vadEvent(let state): state?.hasPrefix("speech") == true
        case .ready, .error, .other: false
        }
    }

    /// A message of this kind with so much text.
    package init(kind: Kind, words: Int = 0, characters: Int = 0) {
        self.kind = kind
        self.words = words
        self.characters = characters
    }

    /// Reads a whole message. A name may come twice here, the first counts: the message goes on as it is anyway.
    package init(_ bytes: some Collection<UInt8>) {
        var reader = JSONReader(bytes, allowsDuplicateNames: true)
        guard let object = try? reader.read().object else {
            self.init(kind: .other)
            return
        }
        let kind = Self.kind(of: object)
        switch kind {
        case .partial, .final, .thought, .corrected:
            let (words, characters) = Self.count(object["text"]?.string ?? "")
            self.init(kind: kind, words: words, characters: characters)
        default:
            self.init(kind: kind)
        }
    }

    private static func kind(of object: JSONObject) -> Kind {
        let type = object["type"]?.string
        if type == "error" { return .error }
        if let error = object["error"], error != .null { return .error }
        switch type {
        case "ready": return .ready
        case "complete_thought": return .thought
        case "corrected_transcript": return .corrected
        case "vad": return .vadEvent(state: label(object["state"]))
        case "utterance": return .utteranceEvent(phase: label(object["phase"]))
        default: return object["text"]?.string == nil ? .other : transcript(type, isFinal: object["is_final"]?.bool)
        }
    }

    private static func transcript(_ type: String?, isFinal: Bool?) -> Kind {
        switch (type, isFinal) {
        case ("debug", _): .other
        case (_, true): .final
        case (_, false), ("partial", nil), ("interim", nil): .partial
        case (nil, nil), ("transcript", nil), ("final", nil), ("final_transcript", nil): .final
        default: .other
        }
    }

    private static func label(_ value: JSONValue?) -> String? {
        value?.string.flatMap { $0.isShortIdentifier ? $0 : nil }
    }

    private static func count(_ text: String) -> (words: Int, characters: Int) {
        var words = 0
        var characters = 0
        var isInWord = false
        for scalar in text.unicodeScalars {
            let isSpace = scalar.properties.isWhitespace
            if !isSpace, !isInWord { words += 1 }
            isInWord = !isSpace
            characters += 1
        }
        return (words, characters)
    }
}
