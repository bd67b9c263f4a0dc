/// A setting that a `start` message can carry; the raw value is its path in the message. This is the one list of
/// them: decoding, encoding and whatever limits settings go by it.
package enum StartField: String, Sendable, CaseIterable {
    case sampleRate = "sample_rate"
    case channels = "channels"
    case singleUtterance = "single_utterance"
    case detectThoughts = "detect_thoughts"
    case endThoughtEagerness = "end_thought_eagerness"
    case forceCompleteTime = "force_complete_time"
    case context = "context"
    case threshold = "vad.threshold"
    case minSilence = "vad.min_silence_ms"
    case speechPad = "vad.speech_pad_ms"
    case finalSilence = "vad.final_silence_s"
    case startTrigger = "vad.start_trigger_ms"
    case minVoiced = "vad.min_voiced_ms"
    case minChars = "vad.min_chars"
    case minWords = "vad.min_words"
    case ampExtend = "vad.amp_extend"
    case forceDecode = "vad.force_decode_ms"
    case debug = "vad.debug"
    case events = "vad.events"
    case eventRate = "vad.event_hz"

    /// What a number counts.
    package enum Unit: String, Sendable {
        case none = ""
        case characters, hertz, milliseconds, seconds, words
    }

    /// What a field takes.
    package enum Kind: Sendable, Equatable {
        case integer(Unit)
        /// Any finite number.
        case number(Unit)
        case boolean
        case string
        /// One of these strings.
        case choice([String])
    }

    /// What the vendor documents for it.
    package var kind: Kind {
        switch self {
        case .sampleRate, .eventRate: .integer(.hertz)
        case .channels: .integer(.none)
        case .minSilence, .speechPad, .startTrigger, .minVoiced, .ampExtend, .forceDecode: .integer(.milliseconds)
        case .minChars: .integer(.characters)
        case .minWords: .integer(.words)
        case .threshold: .number(.none)
        case .finalSilence, .forceCompleteTime: .number(.seconds)
        case .singleUtterance, .detectThoughts, .debug, .events: .boolean
        case .context: .string
        case .endThoughtEagerness: .choice(["low", "medium", "high"])
        }
    }

    /// The values, in the field's unit, that make sense to the vendor; `nil` for what is no number. Decoding lets
    /// others pass: whether to refuse or to correct them is a policy's decision.
    package var meaningfulRange: ClosedRange<Double>? {
        switch self {
        case .threshold: 0...1
        case .sampleRate, .channels, .eventRate: 1...(.infinity)
        default:
            switch kind {
            case .integer, .number: 0...(.infinity)
            case .boolean, .string, .choice: nil
            }
        }
    }

    /// Whether it is a member of the `vad` object, not of the message.
    package var isInVAD: Bool { rawValue.hasPrefix(Self.vadPrefix) }

    /// Its name in the object whose member it is.
    package var name: String { isInVAD ? String(rawValue.dropFirst(Self.vadPrefix.count)) : rawValue }

    static let vadPrefix = "vad."

    /// The fields of the message itself by name, and those of `vad`.
    static let top = byName(allCases.filter { !$0.isInVAD })
    static let vad = byName(allCases.filter(\.isInVAD))

    private static func byName(_ fields: [StartField]) -> [String: StartField] {
        Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0) })
    }
}
