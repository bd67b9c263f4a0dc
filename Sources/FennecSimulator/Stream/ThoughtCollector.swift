/// Joins finals to thoughts.
struct ThoughtCollector {
    private let forceAfter: Double?
    private var texts: [String] = []
    private var began = 0.0

    init(forceAfter: Double?) { self.forceAfter = forceAfter }

    /// Takes a final that was said between these seconds; returns the thought when it has become long enough.
    mutating func add(_ text: String, from start: Double, to end: Double) -> String? {
        if texts.isEmpty { began = start }
        texts.append(text)
        guard let forceAfter, end - began >= forceAfter else { return nil }
        return complete()
    }

    /// A long pause, or the end: the thought so far, if any.
    mutating func complete() -> String? {
        defer { texts = [] }
        return texts.isEmpty ? nil : texts.joined(separator: " ")
    }
}
