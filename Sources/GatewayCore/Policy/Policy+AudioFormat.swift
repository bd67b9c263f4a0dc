extension Policy {
    /// A second of the only audio that the vendor documents for streaming: 16 kHz mono of 16-bit samples.
    package static let documentedBytesPerSecond = 32_000

    /// Bytes that count as a second against budgets and the pace. A client could declare its budget away, since 100 s of
    /// 16 kHz audio are 4 s when they are said to be 384 kHz: a larger format than the documented one is believed only
    /// where the policy bounds both the rate and the channels.
    /// - Parameter declared: Bytes of a second as the `start` that goes upstream declares them.
    package func chargedBytesPerSecond(declared: Int) -> Int {
        boundsAudioFormat ? declared : min(declared, Self.documentedBytesPerSecond)
    }

    private var boundsAudioFormat: Bool {
        [StartField.sampleRate, .channels].allSatisfy { field in
            let rule = rule(for: field)
            guard rule.onViolation != .observe else { return false }
            return switch rule.constraint {
            case .fixed, .allowed, .denied: true
            case .range(_, let max): max != nil
            case .free, .required, .text: false
            }
        }
    }
}
