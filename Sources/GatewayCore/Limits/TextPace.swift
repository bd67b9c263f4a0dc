/// Measures how many text messages a session's client sends: after a burst, so many a second. What is too much is held
/// back first; who would have to wait for too long, or pushes on in spite of that, is sent away.
package struct TextPace: Sendable, Equatable {
    /// What a client may send a second, as long as it sends but one of the two.
    private static let most = (messages: 20, bytes: 64 << 10)
    private static let pace = PaceMeter.Pace(factor: 1)

    /// What to tell a client that is sent away.
    package static let words =
        "Too much text: after the first few, \(most.messages) messages and \(most.bytes / 1024) KiB a second are taken."

    private var meter: PaceMeter

    /// - Parameter now: When the session began, on a clock that never goes back.
    package init(now: Duration) {
        meter = PaceMeter(Self.pace, now: now)
    }

    /// A text message of so many bytes came.
    package mutating func received(bytes: Int, now: Duration) -> PaceMeter.Verdict {
        let time = Duration.seconds(1) / Self.most.messages + .seconds(Double(bytes) / Double(Self.most.bytes))
        let verdict = meter.received(time, now: now)
        if case .holdBack(let wait) = verdict, wait >= Self.pace.patience { return .tooFast }
        return verdict
    }
}
