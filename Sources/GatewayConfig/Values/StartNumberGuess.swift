import GatewayCore

/// The number that was meant by a text which is none, or none that makes sense: `800ms`, `0.8 s`, `16kHz`, `45%`, `.5`.
enum StartNumberGuess {
    /// The number to write for the setting, in its own unit; `nil` when that is not clear.
    static func meant(by text: String, for field: StartField) -> String? {
        guard field.meaningfulRange != nil, text.utf8.count <= 32 else { return nil }
        let spelt = text.lowercased().filter { $0 != " " && $0 != "_" && $0 != "+" }.map { $0 == "," ? "." : $0 }
        let amount = spelt.prefix { $0 == "-" || $0 == "." || $0.isASCII && $0.isNumber }
        guard let number = Double(String(amount)),
            let (times, dividedBy) = factors(of: String(spelt[amount.count...]), in: field.unit)
        else { return nil }
        let guesses = [number * times / dividedBy] + (amount.count == spelt.count ? misjudged(number, field.unit) : [])
        return guesses.lazy.compactMap { plain($0, for: field) }.first { $0 != text }
    }

    /// What a unit is in the setting's own.
    private static func factors(of name: String, in unit: StartField.Unit) -> (times: Double, dividedBy: Double)? {
        switch (unit, name) {
        case (_, ""), (.milliseconds, "ms"), (.seconds, "s"), (.hertz, "hz"): (1, 1)
        case (.milliseconds, "s"), (.hertz, "khz"), (.hertz, "k"): (1000, 1)
        case (.milliseconds, "m"), (.milliseconds, "min"): (60_000, 1)
        case (.seconds, "ms"): (1, 1000)
        case (.seconds, "m"), (.seconds, "min"): (60, 1)
        case (.none, "%"): (1, 100)
        default: nil
        }
    }

    /// Seconds where milliseconds are counted, per cent where a share of one is.
    private static func misjudged(_ number: Double, _ unit: StartField.Unit) -> [Double] {
        switch unit {
        case .milliseconds: [number * 1000]
        case .none: number < 2 ? [] : [number / 100]
        case .seconds, .hertz, .characters, .words: []
        }
    }

    /// The text of a number that the setting can have and that makes sense for it.
    private static func plain(_ number: Double, for field: StartField) -> String? {
        guard let range = field.meaningfulRange, range.contains(number), let text = JSONNumber(number)?.text else {
            return nil
        }
        if case .integer = field.kind, JSONNumber(text)?.asInteger == nil { return nil }
        return text
    }
}
