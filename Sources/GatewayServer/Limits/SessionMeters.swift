import GatewayCore

/// What one session measures of its limits.
struct SessionMeters {
    let terms: Terms
    /// `nil` without budgets, and before `start` says what audio it will be.
    var allowance: AudioAllowance?
    /// Bytes of a second of audio, as budgets and the pace count it.
    private(set) var bytesPerSecond = Policy.documentedBytesPerSecond
    var pace: PaceMeter?
    var texts = TextPace(now: .uptime)
    /// Whether the client's audio is waiting to be read.
    var isHeldBack = false
    /// Until when, on the clock `uptime`; counts only while it is held back.
    var heldBackUntil: Duration = .zero
    /// Whether the client was told that its budget is nearly used up.
    var hasWarned = false
    /// Whether the client was told that its credential is about to expire, and how long before.
    var hasWarnedOfExpiry = false
    static let expiryNotice = Duration.seconds(60)
    /// Why no more audio was reserved.
    var exhausted: BudgetBook.Exhausted?

    init(_ terms: Terms) {
        self.terms = terms
        pace = terms.session.pace.map { PaceMeter($0, now: .uptime) }
    }

    /// The audio is declared.
    mutating func started(bytesPerSecond: Int) {
        self.bytesPerSecond = bytesPerSecond
        if !terms.budgets.isEmpty { allowance = AudioAllowance(bytesPerSecond: bytesPerSecond) }
    }

    /// What to say of an ending that a limit has caused.
    func words(for ending: Ending) -> String? { ending == .quotaExhausted ? exhausted?.words : nil }
}
