import Glibc

/// How much one frame sounds like speech.
struct SpeechFrame: Equatable {
    /// 0 to 1.
    var probability: Double
    /// Mean square, 1.0 being full scale.
    var power: Double
}

/// Judges frames by their energy against a noise floor that it learns: it follows quieter sound at once and louder
/// sound by 1 dB a second.
struct SpeechMeter {
    private static let steepness = 5.0  // dB over which the odds change by the factor e
    private static let margin = 15.0  // dB above the floor at which speech is as likely as not
    private static let quietestSpeech = -40.0  // dBFS; below, speech is unlikely even over digital silence
    private static let highestFloor = -40.0  // dBFS; louder sound is never taken for noise
    private static let risePerFrame = 0.01

    private var floor: Double?
    private var recent: (Double, Double) = (0, 0)

    /// Judges the next frame of 10 ms.
    mutating func measure(power: Double) -> SpeechFrame {
        let smoothed = (recent.0 + recent.1 + power) / 3
        recent = (recent.1, power)
        let level = 10 * log10(smoothed + 1e-10)
        let midpoint = Swift.max(learn(level) + Self.margin, Self.quietestSpeech)
        return SpeechFrame(probability: 1 / (1 + exp((midpoint - level) / Self.steepness)), power: power)
    }

    private mutating func learn(_ level: Double) -> Double {
        let known = floor ?? Swift.min(level, -50)
        let learned = level < known ? known + (level - known) * 0.2 : Swift.min(known + Self.risePerFrame, level)
        let bounded = Swift.min(learned, Self.highestFloor)
        floor = bounded
        return bounded
    }
}
