/// The text forms of addresses (RFC 4291 §2.2 to read, RFC 5952 §4 to print).
enum IPv6Text {
    /// Four decimal numbers up to 255, without leading zeros.
    static func parseDotted(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (48...57).contains($0) }),
                part.utf8.count == 1 || part.utf8.first != 48, let number = UInt32(part), number < 256
            else { return nil }
            value = value << 8 | number
        }
        return value
    }

    /// Up to eight groups, `::` once, the last two groups perhaps dotted.
    static func parse(_ text: some StringProtocol) -> UInt128? {
        let halves = split(String(text))
        guard let head = groups(halves.head, mayEndDotted: halves.tail == nil) else { return nil }
        guard let tailText = halves.tail else { return head.count == 8 ? join(head) : nil }
        guard let tail = groups(tailText, mayEndDotted: true), head.count + tail.count < 8 else { return nil }
        return join(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private static func split(_ text: String) -> (head: Substring, tail: Substring?) {
        let bytes = Array(text.utf8)
        guard bytes.count > 1, let at = (0..<bytes.count - 1).first(where: { bytes[$0] == 58 && bytes[$0 + 1] == 58 })
        else { return (text[...], nil) }
        return (text.prefix(at), text.dropFirst(at + 2))
    }

    private static func groups(_ text: Substring, mayEndDotted: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var result: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndDotted, index == parts.count - 1, part.contains(".") {
                guard let dotted = parseDotted(part) else { return nil }
                result += [UInt16(dotted >> 16), UInt16(dotted & 0xFFFF)]
            } else {
                guard (1...4).contains(part.utf8.count), part.first != "+", part.first != "-",
                    let group = UInt16(part, radix: 16)
                else { return nil }
                result.append(group)
            }
        }
        return result.count <= 8 ? result : nil
    }

    private static func join(_ groups: [UInt16]) -> UInt128? {
        groups.count == 8 ? groups.reduce(0) { $0 << 16 | UInt128($1) } : nil
    }

    /// Lower case, no leading zeros, the first longest run of at least two zero groups as `::`.
    static func print(_ bits: UInt128) -> String {
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
        var best = 0..<0
        var start = 0
        while start < 8 {
            let end = groups[start...].firstIndex { $0 != 0 } ?? 8
            if end - start > best.count { best = start..<end }
            start = end + 1
        }
        let text = { (slice: ArraySlice<UInt16>) in slice.map { String($0, radix: 16) }.joined(separator: ":") }
        guard best.count > 1 else { return text(groups[...]) }
        return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
    }
}
