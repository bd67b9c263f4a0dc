/// Durations as they stand in the configuration: `500ms`, `20s`, `10m`, `1h30m`, `7d`.
package enum DurationText {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// Whole numbers with a unit each, the larger units first, none twice; `nil` for everything else.
    package static func parse(_ text: String) -> Duration? {
        var rest = text[...]
        var milliseconds: Int64 = 0
        var allowed = units[...]
        repeat {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            let afterDigits = rest.dropFirst(digits.count)
            let name = afterDigits.prefix { $0.isLetter }
            guard digits.utf8.count <= 9, let number = Int64(digits),
                let unit = allowed.firstIndex(where: { $0.name == name })
            else { return nil }
            milliseconds += number * units[unit].milliseconds
            allowed = units[(unit + 1)...]
            rest = afterDigits.dropFirst(name.count)
        } while !rest.isEmpty
        return .milliseconds(milliseconds)
    }

    /// The form that `parse` reads; what is finer than a millisecond is dropped.
    package static func describe(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        var rest = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        guard rest > 0 else { return "0s" }
        var text = ""
        for unit in units where rest >= unit.milliseconds {
            text += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return text
    }
}
