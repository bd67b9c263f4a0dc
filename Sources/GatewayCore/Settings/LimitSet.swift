/// What those whom an access rule lets in may use. What is `nil` is not limited here.
package struct LimitSet: Sendable, Equatable {
    /// Sessions at once of the whole rule.
    package var concurrentStreams: Int?
    /// Sessions at once of one client.
    package var concurrentPerClient: Int?
    /// Sessions at once from one address, an IPv6 address being its /64.
    package var concurrentPerAddress: Int?
    /// How often one client may connect.
    package var connects: TokenBucket.Rate?
    /// What one client may use.
    package var budget = AudioBudget()
    package var session = SessionLimits()

    package init() {}
}

/// Audio that may be used, in seconds.
package struct AudioBudget: Sendable, Equatable {
    package var perDay: Int?
    package var perMonth: Int?
    /// The share of a budget, from 0 to 1, from which on clients are warned.
    package var warnAt: Double = 0.8

    package init() {}

    /// Whether anything is limited.
    package var isLimited: Bool { perDay != nil || perMonth != nil }

    /// The budgets of an owner.
    package func budgets(of owner: BudgetBook.Owner) -> [BudgetBook.Budget] {
        [(BudgetWindow.Kind.day, perDay), (.month, perMonth)].compactMap { kind, seconds in
            seconds.map { BudgetBook.Budget(owner: owner, kind: kind, most: $0 * 1_000_000) }
        }
    }
}

/// Bounds of one session; the stricter of these and of the gateway's own counts.
package struct SessionLimits: Sendable, Equatable {
    package var maxDuration: Duration?
    /// Longest time without audio from the client.
    package var idle: Duration?
    /// Longest time in which the service hears no speech.
    package var noSpeech: Duration?
    package var pace: PaceMeter.Pace?
    /// Largest binary message, in bytes.
    package var maxAudioMessageBytes: Int?

    package init() {}
}
