/// A session that uses budgets, as far as a crash must not forget it.
package struct BudgetedSession: Sendable, Equatable {
    /// When it began, in milliseconds since 1970.
    package var startedAt: Int
    /// Of the declared audio.
    package var bytesPerSecond: Int
    /// The name of the access rule that let it in.
    package var rule: String
    /// The client as the ledger names it.
    package var client: String
    /// Where its slice at hand comes from.
    package var accounts: [BudgetBook.Account] = []
    /// Bytes of audio that went on, as last written down.
    package var bytes = 0
    /// What of its slice cannot have gone on before that was written down, in microseconds.
    package var untouched = 0

    package init(startedAt: Int, bytesPerSecond: Int, rule: String, client: String) {
        self.startedAt = startedAt
        self.bytesPerSecond = bytesPerSecond
        self.rule = rule
        self.client = client
    }

    /// What begins its account in the file of notes, or replaces what stood there.
    package func opening(id: String) -> [AdmissionNote] {
        let facts = BudgetedSession(startedAt: startedAt, bytesPerSecond: bytesPerSecond, rule: rule, client: client)
        return [.sessionOpened(id: id, facts)] + accounts.map { .accountClaimed(id: id, $0) }
    }
}
