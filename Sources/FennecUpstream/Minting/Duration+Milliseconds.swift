extension Duration {
    /// Milliseconds, with their fraction.
    var milliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1e3 + Double(attoseconds) / 1e15
    }

    /// Milliseconds rounded up, and 0 for what is negative.
    var wholeMilliseconds: Int {
        max(0, Int(milliseconds.rounded(.up)))
    }
}
