/// The settings that the vendor recommends for three situations ([doc] "VAD Configuration Examples" and the SDK
/// example), as defaults that a policy may extend.
package enum PolicyPreset: String, Sendable, Equatable, CaseIterable {
    /// Whole sentences rather than the least delay.
    case dictation
    /// Much background noise: kiosks, call centres.
    case noisy
    /// The least delay.
    case aggressive

    /// The defaults; every value fits its field.
    package var defaults: [StartField: StartValue] {
        switch self {
        case .dictation:
            Self.common.merging(
                [
                    .threshold: .number(0.45), .minSilence: .integer(800), .speechPad: .integer(200),
                    .startTrigger: .integer(36), .minVoiced: .integer(100), .minChars: .integer(2),
                    .minWords: .integer(1), .forceDecode: .integer(60_000),
                ]) { $1 }
        case .noisy:
            Self.common.merging(
                [
                    .threshold: .number(0.65), .minSilence: .integer(400), .speechPad: .integer(150),
                    .startTrigger: .integer(100), .minVoiced: .integer(250), .minChars: .integer(1),
                    .minWords: .integer(1), .ampExtend: .integer(0), .forceDecode: .integer(0),
                ]) { $1 }
        case .aggressive:
            Self.common.merging(
                [
                    .threshold: .number(0.5), .minSilence: .integer(100), .speechPad: .integer(200),
                    .finalSilence: .number(0.1), .startTrigger: .integer(36), .minVoiced: .integer(48),
                    .minChars: .integer(1), .minWords: .integer(1), .ampExtend: .integer(1200),
                    .forceDecode: .integer(0), .debug: .boolean(false),
                ]) { $1 }
        }
    }

    private static let common: [StartField: StartValue] = [
        .sampleRate: .integer(16_000), .channels: .integer(1), .singleUtterance: .boolean(false),
    ]
}
