/// The sessions that use budgets, as the file of notes tells of them: those that live, and those that ended a moment
/// ago, which the ledger may not know of yet. After a crash they are settled from it.
package struct BudgetedSessions: Sendable, Equatable {
    /// How long ended sessions are remembered, in milliseconds: longer than the ledger takes to be written.
    package static let memory = 5000
    /// The most ended sessions that are remembered.
    package static let mostEnded = 4096

    private struct Ended: Sendable, Equatable {
        var id: String
        var session: BudgetedSession
        var time: Int
    }

    private var living: [String: BudgetedSession] = [:]
    /// In the order of their ends.
    private var ended: [Ended] = []

    package init() {}

    /// How many are remembered.
    package var count: Int { living.count + ended.count }

    /// Takes what a note says of a session; other notes, and those of sessions that were never opened, say nothing.
    package mutating func take(_ note: AdmissionNote) {
        switch note {
        case .sessionOpened(let id, let session):
            var session = session
            session.bytes = living[id]?.bytes ?? 0
            living[id] = session
        case .accountClaimed(let id, let account): living[id]?.accounts.append(account)
        case .audioPassed(let id, let bytes, let untouched):
            living[id]?.bytes = bytes
            living[id]?.untouched = untouched
        case .sessionOver(let id, let bytes, let time):
            guard var session = living.removeValue(forKey: id) else { return }
            session.bytes = bytes
            session.untouched = 0
            forgetEnded(before: time - Self.memory)
            ended.append(Ended(id: id, session: session, time: time))
        case .ticketUsed, .audioUsed: break
        }
    }

    /// Gives back what none of them can have used: a session that was cut off has used what was last written down of
    /// it, and as much more as may go on before that is done again.
    package func settle(_ book: inout BudgetBook) {
        for session in living.values { book.giveBack(session.untouched, to: session.accounts) }
    }

    /// All of them with what is known of each, for the ledger.
    package var known: [(id: String, session: BudgetedSession)] {
        living.map { ($0.key, $0.value) } + ended.map { ($0.id, $0.session) }
    }

    /// Notes that say the same.
    package var notes: [AdmissionNote] {
        living.flatMap { id, session in
            session.opening(id: id) + [.audioPassed(id: id, bytes: session.bytes, untouched: session.untouched)]
        }
            + ended.flatMap { ended in
                ended.session.opening(id: ended.id)
                    + [.sessionOver(id: ended.id, bytes: ended.session.bytes, time: ended.time)]
            }
    }

    private mutating func forgetEnded(before time: Int) {
        let old = ended.prefix { $0.time < time }.count
        ended.removeFirst(max(old, ended.count >= Self.mostEnded ? Self.mostEnded / 4 : 0))
    }
}
