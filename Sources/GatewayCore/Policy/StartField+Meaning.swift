extension StartField {
    /// What the vendor takes a silent client to have said: the documented audio format ([doc] raw PCM, 16 kHz mono).
    /// `nil` for what is no property of the audio.
    var valueWhenSilent: StartValue? {
        switch self {
        case .sampleRate: .integer(16_000)
        case .channels: .integer(1)
        default: nil
        }
    }

    /// Whether it says what audio the client sends. The gateway does not resample, so no other value can be put in
    /// its place: what is not allowed is refused.
    package var isAudioFormat: Bool { valueWhenSilent != nil }

    /// Whether 0 asks for infinity ([doc] `force_decode_ms`).
    var zeroIsInfinite: Bool { self == .forceDecode }

    /// Whether it takes numbers, and so has bounds.
    var isNumeric: Bool { meaningfulRange != nil }

    /// What a number counts; `none` for what is no number.
    package var unit: Unit {
        switch kind {
        case .integer(let unit), .number(let unit): unit
        case .boolean, .string, .choice: .none
        }
    }

    /// A number as a value of this field, which takes numbers.
    func value(_ number: Double) -> StartValue {
        if case .integer = kind { .integer(Int(number)) } else { .number(number) }
    }
}

extension StartField.Kind {
    /// The type of its values in JSON Schema.
    var typeName: String {
        switch self {
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .string, .choice: "string"
        }
    }
}
