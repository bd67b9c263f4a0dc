/// Bounds how often the same kind of line is logged: the first of a second pass, the others are counted. A second
/// begins with the first line of its kind.
package struct RepeatLimit: Sendable, Equatable {
    /// Lines of one kind that were held back within a second.
    package struct HeldBack: Sendable, Equatable {
        package var kind: String
        package var count: Int

        package init(kind: String, count: Int) {
            self.kind = kind
            self.count = count
        }
    }

    private struct Second: Sendable, Equatable {
        let end: Int
        var passed = 0
        var held = 0
    }

    /// What lines count as for which there is no place.
    package static let others = "other lines"

    private let most: Int
    private let mostKinds: Int
    private var seconds: [String: Second] = [:]

    /// - Parameters:
    ///   - most: Lines of one kind in a second.
    ///   - mostKinds: Kinds within a second; all others are one kind together.
    package init(most: Int, mostKinds: Int) {
        self.most = most
        self.mostKinds = mostKinds
    }

    /// A line is to be logged.
    /// - Parameter time: In ms, never less than before; `takeOver` has been called with it.
    /// - Returns: Whether it passes.
    package mutating func said(_ kind: String, at time: Int) -> Bool {
        let kind = seconds[kind] == nil && seconds.count >= mostKinds ? Self.others : kind
        var second = seconds[kind] ?? Second(end: time + 1000)
        let passes = second.passed < most
        if passes { second.passed += 1 } else { second.held += 1 }
        seconds[kind] = second
        return passes
    }

    /// Takes out what was held back in the seconds that are over, in the order of the kinds.
    /// - Parameter time: In ms; `nil` ends all seconds.
    package mutating func takeOver(at time: Int?) -> [HeldBack] {
        let over = seconds.filter { second in time.map { $0 >= second.value.end } ?? true }
        for kind in over.keys { seconds[kind] = nil }
        return over.filter { $0.value.held > 0 }.sorted { $0.key < $1.key }
            .map { HeldBack(kind: $0.key, count: $0.value.held) }
    }
}
