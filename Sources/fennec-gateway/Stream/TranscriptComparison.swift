/// Compares what was understood with what was said, word by word.
struct TranscriptComparison: Equatable {
    /// Words with `[-missing-]` and `{+surplus+}` ones marked; `nil` when both are the same.
    let difference: String?

    /// Case, and punctuation around words, do not count.
    init(expected: [String], found: [String]) {
        let (expected, found) = (Self.words(expected), Self.words(found))
        difference = expected == found ? nil : Self.marked(expected, found)
    }

    private static func words(_ texts: [String]) -> [String] {
        texts.flatMap { $0.lowercased().split(whereSeparator: \.isWhitespace) }
            .map { word in
                let tail = word.drop { !($0.isLetter || $0.isNumber) }
                return String(tail.reversed().drop { !($0.isLetter || $0.isNumber) }.reversed())
            }
            .filter { !$0.isEmpty }
    }

    private static func marked(_ expected: [String], _ found: [String]) -> String {
        let changes = found.difference(from: expected)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in changes {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        return merge(expected, without: removed, found, with: inserted).joined(separator: " ")
    }

    private static func merge(
        _ expected: [String], without removed: Set<Int>, _ found: [String], with inserted: Set<Int>
    ) -> [String] {
        var (result, old, new): ([String], Int, Int) = ([], 0, 0)
        while old < expected.count || new < found.count {
            if removed.contains(old) {
                result.append("[-\(expected[old])-]")
                old += 1
            } else if inserted.contains(new) {
                result.append("{+\(found[new])+}")
                new += 1
            } else {
                result.append(found[new])
                (old, new) = (old + 1, new + 1)
            }
        }
        return result
    }
}
