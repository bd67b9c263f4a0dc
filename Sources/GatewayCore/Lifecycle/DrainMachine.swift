/// How the gateway stops: balancers get time to look elsewhere, sessions go on for a while, then they end with their
/// last finals, and what still lives at last is cut. Asked again and again, it says what is due.
package struct DrainMachine: Sendable, Equatable {
    /// How far the stop is.
    package enum State: Sendable, Equatable {
        /// Everything goes on, but `/readyz` says no. Next: `waiting`.
        case leading
        /// Nobody is accepted any more, sessions go on. Next: `finishing`.
        case waiting
        /// Sessions were asked to end, their last finals are awaited. Next: `cutting`, `over`.
        case finishing
        /// What was left has been cut; closes are awaited. Next: `over`.
        case cutting
        /// Next: none.
        case over
    }

    /// What to do now, in order.
    package enum Action: Sendable, Equatable {
        case stopAccepting
        /// Ask every session to end with its last finals.
        case endSessions
        /// End every session at once.
        case cutSessions
    }

    /// What is not a session yet when accepting ends gets this long to send its first request.
    package static let newcomerTimeout = Duration.seconds(1)
    /// Sessions measure their deadlines themselves; this much later they have missed one.
    private static let allowance = Duration.seconds(1)

    package private(set) var state: State = .leading
    private let settings: SessionSettings
    /// When the state began.
    private var since: Duration

    /// A stop that begins now.
    package init(settings: SessionSettings, at now: Duration) {
        self.settings = settings
        since = now
    }

    /// Says what is due.
    /// - Parameters:
    ///   - sessions: How many live.
    ///   - newcomers: How many connections have not sent their first request yet.
    package mutating func advance(sessions: Int, newcomers: Int, at now: Duration) -> [Action] {
        var actions: [Action] = []
        while let next = next(sessions, newcomers, now) {
            state = next
            since = now
            switch next {
            case .waiting: actions.append(.stopAccepting)
            case .finishing: actions.append(.endSessions)
            case .cutting: actions.append(.cutSessions)
            case .leading, .over: break
            }
        }
        return actions
    }

    private func next(_ sessions: Int, _ newcomers: Int, _ now: Duration) -> State? {
        let isPast = now - since >= limit(of: state)
        switch state {
        case .leading: return isPast ? .waiting : nil
        case .waiting:
            let isSettled = newcomers == 0 || now - since >= Self.newcomerTimeout
            return (sessions > 0 ? isPast : isSettled) ? .finishing : nil
        case .finishing: return sessions == 0 ? .over : isPast ? .cutting : nil
        case .cutting: return sessions == 0 || isPast ? .over : nil
        case .over: return nil
        }
    }

    private func limit(of state: State) -> Duration {
        switch state {
        case .leading: settings.drainLead
        case .waiting: settings.drainMax
        case .finishing: settings.drainTimeout + Self.allowance
        case .cutting: settings.closeTimeout + Self.allowance
        case .over: .zero
        }
    }

    /// The longest time until it is over.
    package func remaining(at now: Duration) -> Duration {
        let states: [State] = [.leading, .waiting, .finishing, .cutting]
        guard let current = states.firstIndex(of: state) else { return .zero }
        let whole = states[current...].reduce(Duration.zero) { $0 + longest($1) }
        return max(.zero, whole - (now - since))
    }

    private func longest(_ state: State) -> Duration {
        state == .waiting ? max(limit(of: state), Self.newcomerTimeout) : limit(of: state)
    }
}
