/// Whether to ask for a token a second time. A mint that succeeded unseen costs one unused token, so repeating it is
/// safe.
enum MintRetry {
    /// Attempts in all.
    static let attempts = 2
    /// The longest pause before the second attempt.
    static let longestPause: Duration = .milliseconds(300)
    /// A second attempt with less time than this left is not worth making.
    static let leastTime: Duration = .milliseconds(100)

    /// How long to wait before asking again, or `nil` to give up.
    /// - Parameters:
    ///   - attempt: The number of the attempt that failed, from 1.
    ///   - remaining: What is left of the time-out.
    ///   - jitter: From 0 up to 1; the pause is this part of the longest, so that many callers spread out.
    static func pause(after failure: MintFailure, attempt: Int, remaining: Duration, jitter: Double) -> Duration? {
        guard failure.isRetryable, attempt < attempts else { return nil }
        let pause = longestPause * min(max(jitter, 0), 1)
        return remaining - pause >= leastTime ? pause : nil
    }
}
