/// Sizes as they stand in the configuration: plain bytes, `64KiB`, `1MiB`, `1GiB`.
enum ByteSizeText {
    private static let units: [(name: String, bytes: Int)] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]

    /// The size in bytes; `nil` when the text is none.
    static func parse(_ text: String) -> Int? {
        for unit in units where text.hasSuffix(unit.name) {
            return ASCII.number(text.dropLast(unit.name.count), digits: 9).map { $0 * unit.bytes }
        }
        return ASCII.number(text, digits: 15)
    }

    /// What was meant by a size in another spelling, such as `64kb` or `1 M`; `nil` when that is not clear.
    static func suggestion(for text: String) -> String? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard ASCII.number(digits, digits: 9) != nil else { return nil }
        switch text.dropFirst(digits.count).filter({ $0 != " " }).lowercased() {
        case "k", "kb", "kib": return "\(digits)KiB"
        case "m", "mb", "mib": return "\(digits)MiB"
        case "g", "gb", "gib": return "\(digits)GiB"
        case "b": return String(digits)
        default: return nil
        }
    }

    /// The form that `parse` reads, with the largest unit that fits without a rest.
    static func describe(_ bytes: Int) -> String {
        for unit in units where bytes > 0 && bytes % unit.bytes == 0 { return "\(bytes / unit.bytes)\(unit.name)" }
        return String(bytes)
    }
}
