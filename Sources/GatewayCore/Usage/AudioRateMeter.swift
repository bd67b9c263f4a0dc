/// Measures how fast audio comes, against what `start` declared. Audio that is declared with the wrong rate, the
/// classic cause of transcripts that make no sense, comes at another pace than declared.
///
/// The rate is the median over windows of at least two seconds, so that neither the burst after a late `ready` nor a
/// hiccup of the network changes it. A pause of more than a second is nobody's rate and breaks off its window.
package struct AudioRateMeter: Sendable, Equatable {
    private static let window = 2000
    private static let longestGap = 1000
    /// Windows that it takes before anything is said.
    private static let fewest = 5

    private var windows = SortedSample()
    private var windowStart: Int?
    private var last = 0
    private var bytes = 0

    package init() {}

    /// Audio came.
    /// - Parameter time: In ms, never less than before.
    package mutating func received(bytes count: Int, at time: Int) {
        defer { last = time }
        // What a window begins with was recorded before it began.
        guard let start = windowStart, time - last <= Self.longestGap else {
            windowStart = time
            bytes = 0
            return
        }
        bytes += count
        guard time - start >= Self.window else { return }
        windows.add(bytes * 1000 / (time - start))
        windowStart = time
        bytes = 0
    }

    /// Bytes a second; `nil` until there is enough to tell.
    package var bytesPerSecond: Int? { windows.count >= Self.fewest ? windows.median : nil }
}
