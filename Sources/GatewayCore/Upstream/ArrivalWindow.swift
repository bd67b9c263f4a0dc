/// Counts arrivals in the span of time that ends now, with two numbers instead of a list: the last whole span counts
/// for the part of it that is not over yet.
struct ArrivalWindow: Sendable, Equatable {
    /// How far back it looks.
    let span: Duration
    private var begun: Duration = .zero
    private var current = 0
    private var previous = 0

    init(span: Duration) {
        self.span = span
    }

    mutating func arrived(at now: Duration) {
        turn(to: now)
        current += 1
    }

    /// How many arrived in the last span, rounded up.
    func count(at now: Duration) -> Int {
        var window = self
        window.turn(to: now)
        let remaining = 1 - (now - window.begun) / span
        return window.current + Int((Double(window.previous) * min(max(remaining, 0), 1)).rounded(.up))
    }

    private mutating func turn(to now: Duration) {
        guard now - begun >= span else { return }
        previous = now - begun < span * 2 ? current : 0
        current = 0
        // Whole spans on, so that the grid stays where it is.
        begun += span * ((now - begun) / span).rounded(.down)
    }
}
