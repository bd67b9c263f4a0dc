extension SourceText {
    /// Columns of a line that may hold a secret. For files that are no YAML, where nothing better is known: what follows
    /// a `key`, and long runs of letters and digits.
    func likelySecrets(onLine number: Int) -> [Range<Int>] {
        guard lines.indices.contains(number - 1) else { return [] }
        let line = lines[number - 1]
        return opaqueRuns(in: line) + [afterKey(in: line)].compactMap(\.self)
    }

    private func afterKey(in line: [Unicode.Scalar]) -> Range<Int>? {
        let lower = line.map { $0.properties.lowercaseMapping }
        guard lower.count > 2,
            let key = (0..<lower.count - 2).first(where: { lower[$0..<$0 + 3].elementsEqual(["k", "e", "y"]) }),
            let colon = line[key...].firstIndex(of: ":"), colon + 1 < line.count
        else { return nil }
        return colon + 2..<line.count + 1
    }

    private func opaqueRuns(in line: [Unicode.Scalar]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start = 0
        for index in 0...line.count {
            guard index == line.count || !Self.isOpaque(line[index]) else { continue }
            let run = line[start..<index]
            if run.count >= 20, run.contains(where: { ("0"..."9").contains($0) }) { runs.append(start + 1..<index + 1) }
            start = index + 1
        }
        return runs
    }

    /// What base64, base64url and hexadecimal are written in.
    private static func isOpaque(_ scalar: Unicode.Scalar) -> Bool {
        guard let byte = UInt8(exactly: scalar.value) else { return false }
        return ASCII.isAlphanumeric(byte) || "-_+/=".utf8.contains(byte)
    }
}
