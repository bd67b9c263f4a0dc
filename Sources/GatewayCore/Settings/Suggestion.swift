/// The "did you mean" of an error message.
package enum Suggestion {
    /// Names longer than this, in scalars, are never compared: the distance costs the product of both lengths.
    private static let longest = 64

    /// The candidate that a misspelt `name` most likely meant: the smallest edit distance (insertions, deletions,
    /// substitutions, swaps of neighbours; case does not count), the first of equals; `nil` when nothing is near, that
    /// is when more than a third of the longer name differs.
    package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        guard let wanted = folded(name) else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            guard let known = folded(candidate) else { continue }
            let limit = max(1, max(wanted.count, known.count) / 3)
            let distance = distance(wanted, known)
            guard distance <= limit, distance < max(wanted.count, known.count) else { continue }
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    private static func folded(_ name: String) -> [Unicode.Scalar]? {
        let scalars = Array(name.lowercased().unicodeScalars.prefix(longest + 1))
        return scalars.count <= longest ? scalars : nil
    }

    /// The optimal string alignment distance, with three rows of memory.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let cost = left[row] == right[column] ? 0 : 1
                var value = min(last[column + 1] + 1, current[column] + 1, last[column] + cost)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    value = min(value, beforeLast[column - 1] + 1)
                }
                current.append(value)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
