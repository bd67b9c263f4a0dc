/// Measures how fast a session's audio comes: it may come in a burst, and then as many times faster than real time as
/// it is allowed. What is too fast is held back first; who pushes on in spite of that for too long is sent away.
package struct PaceMeter: Sendable, Equatable {
    /// What is allowed.
    package struct Pace: Sendable, Equatable {
        /// Seconds of audio in a second; more than 0.
        package var factor: Double
        /// Audio that may come at once, to catch up.
        package var burst: Duration
        /// How long a client may be held back without a break.
        package var patience: Duration

        package init(factor: Double, burst: Duration = .seconds(10), patience: Duration = .seconds(30)) {
            self.factor = factor
            self.burst = burst
            self.patience = patience
        }
    }

    /// What to do about it.
    package enum Verdict: Sendable, Equatable {
        case fine
        /// Read no more from the client for this long.
        case holdBack(Duration)
        case tooFast
    }

    private let pace: Pace
    /// Audio that may still come at once; below zero it has come too early.
    private var credit: Duration
    private var updated: Duration
    /// Since when the client has been held back without a break.
    private var heldBackSince: Duration?

    /// - Parameter now: When the session began, on a clock that never goes back.
    package init(_ pace: Pace, now: Duration) {
        self.pace = pace
        credit = pace.burst
        updated = now
    }

    /// Audio of this length came.
    package mutating func received(_ audio: Duration, now: Duration) -> Verdict {
        credit = min(pace.burst, credit + (now - updated) * pace.factor)
        updated = now
        // A client that lets half of its burst come back has slowed down.
        if credit >= pace.burst / 2 { heldBackSince = nil }
        credit -= audio
        guard credit < .zero else {
            heldBackSince = nil
            return .fine
        }
        let since = heldBackSince ?? now
        heldBackSince = since
        guard now - since < pace.patience else { return .tooFast }
        return .holdBack(.zero - credit / pace.factor)
    }
}
