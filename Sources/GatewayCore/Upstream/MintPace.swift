/// How fast one API key may ask for tokens, as the service's refusals (HTTP 429) teach it. Before the first refusal
/// there is no limit; after it, mints begin evenly spaced, slower than what the service has just put up with.
struct MintPace: Sendable, Equatable {
    /// Accepted mints that are remembered: the most that can be learned from one second.
    static let mostRemembered = 1024
    /// The part of the accepted rate that is used from then on.
    private static let share = 0.8
    /// A pause that no `Retry-After` asks for; each further refusal in a row doubles it.
    private static let shortestPause: Duration = .seconds(1)
    private static let longestPause: Duration = .seconds(30)
    private static let longestInterval: Duration = .seconds(60)
    /// How long a limit is believed in without a further refusal.
    private static let memory: Duration = .seconds(300)

    /// When mints of the last second were accepted, ascending.
    private var accepted: [Duration] = []
    private var lastStart: Duration?
    private var pausedUntil: Duration?
    private var learnedAt: Duration?
    private var refusalsInARow = 0
    /// The least time between two beginnings; zero while no limit is known.
    private(set) var interval: Duration = .zero

    /// When the next mint may begin; what lies in the past means at once.
    func earliest(at now: Duration) -> Duration {
        let spaced = lastStart.map { $0 + interval } ?? now
        return max(spaced, pausedUntil ?? spaced)
    }

    mutating func started(at now: Duration) {
        lastStart = now
        if let learnedAt, now - learnedAt >= Self.memory {
            self.learnedAt = nil
            interval = .zero
        }
    }

    /// The service has answered with a token.
    /// - Parameter begun: When that mint began: what was under way at the first refusal still teaches the limit.
    mutating func succeeded(begun: Duration, at now: Duration) {
        forget(before: now - .seconds(1))
        if accepted.count < Self.mostRemembered { accepted.append(now) }
        if let learnedAt, begun <= learnedAt {
            if refusalsInARow == 1 { interval = min(interval, acceptedInterval) }
        } else {
            refusalsInARow = 0
        }
    }

    /// The service has answered 429.
    /// - Parameters:
    ///   - begun: When the refused mint began: one that was under way at the last refusal teaches nothing new.
    ///   - retryAfter: What the service asks for.
    /// - Returns: Whether it is news.
    mutating func refused(begun: Duration, retryAfter: Duration?, at now: Duration) -> Bool {
        let isNews = learnedAt.map { begun > $0 } ?? true
        if isNews {
            forget(before: now - .seconds(1))
            interval = interval == .zero ? acceptedInterval : min(interval * 2, Self.longestInterval)
            learnedAt = now
        }
        let ownPause = min(Self.shortestPause * (1 << min(refusalsInARow, 10)), Self.longestPause)
        if isNews { refusalsInARow += 1 }
        pausedUntil = max(pausedUntil ?? .zero, now + (retryAfter ?? ownPause))
        return isNews
    }

    private var acceptedInterval: Duration { .seconds(1) / max(1, Double(accepted.count) * Self.share) }

    private mutating func forget(before moment: Duration) {
        accepted.removeAll { $0 < moment }
    }
}
