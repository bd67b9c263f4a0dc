import GatewayCore
import Testing

@Suite("Sessions that use budgets, as notes tell of them")
struct BudgetedSessionsTests {
    private static let second = 1_000_000
    private static let day = BudgetBook.Account(owner: .client("device:a"), window: BudgetWindow(.day, at: 0))
    private static let month = BudgetBook.Account(owner: .gateway, window: BudgetWindow(.month, at: 0))
    private static let facts = BudgetedSession(startedAt: 7, bytesPerSecond: 32_000, rule: "web", client: "a")

    private static func opened(_ accounts: [BudgetBook.Account]) -> [AdmissionNote] {
        [.sessionOpened(id: "s", facts)] + accounts.map { .accountClaimed(id: "s", $0) }
    }

    /// What a budget of which ten seconds are noted comes to after a crash.
    static let crashes: [(notes: [AdmissionNote], day: Int, month: Int)] = [
        ([], 10, 10),
        (opened([day]), 10, 10),
        (opened([day]) + [.audioPassed(id: "s", bytes: 0, untouched: 5 * second)], 5, 10),
        (opened([day, month]) + [.audioPassed(id: "s", bytes: 0, untouched: 3 * second)], 7, 7),
        (opened([day]) + [.audioPassed(id: "other", bytes: 0, untouched: 5 * second)], 10, 10),
        ([.audioPassed(id: "s", bytes: 0, untouched: 5 * second)], 10, 10),
        (
            opened([day]) + [4, 3].map { .audioPassed(id: "s", bytes: 0, untouched: $0 * second) }, 7, 10
        ),
        (opened([day]) + opened([month]) + [.audioPassed(id: "s", bytes: 0, untouched: 5 * second)], 10, 5),
        (
            opened([day]) + [
                .audioPassed(id: "s", bytes: 0, untouched: 5 * second), .sessionOver(id: "s", bytes: 9, time: 1),
            ], 10, 10
        ),
    ]

    @Test("a crash gives back what cannot have gone on", arguments: crashes)
    func settle(notes: [AdmissionNote], day: Int, month: Int) {
        var book = BudgetBook()
        for account in [Self.day, Self.month] { book.restore(account, used: 10 * Self.second) }
        var sessions = BudgetedSessions()
        for note in notes { sessions.take(note) }
        sessions.settle(&book)
        #expect(book.used(Self.day) == day * Self.second)
        #expect(book.used(Self.month) == month * Self.second)
    }

    @Test("notes of all that is remembered say the same, and as lines too", arguments: crashes)
    func rewritten(notes: [AdmissionNote], day: Int, month: Int) {
        var sessions = BudgetedSessions()
        for note in notes { sessions.take(note) }
        var again = BudgetedSessions()
        for note in sessions.notes.compactMap({ AdmissionNote(line: $0.line) }) { again.take(note) }
        #expect(again == sessions)
    }

    @Test("who ended is remembered with what went on, until the ledger must have it")
    func ended() {
        var sessions = BudgetedSessions()
        for id in ["a", "b"] {
            sessions.take(.sessionOpened(id: id, Self.facts))
            sessions.take(.audioPassed(id: id, bytes: 5, untouched: 1))
        }
        sessions.take(.sessionOver(id: "a", bytes: 9, time: 1000))
        #expect(sessions.known.first { $0.id == "a" }?.session.bytes == 9)
        #expect(sessions.known.first { $0.id == "b" }?.session.bytes == 5)
        sessions.take(.sessionOver(id: "b", bytes: 6, time: 1001 + BudgetedSessions.memory))
        #expect(sessions.known.map(\.id) == ["b"])
        sessions.take(.sessionOver(id: "b", bytes: 7, time: 1002))
        #expect(sessions.known.map(\.session.bytes) == [6])
    }

    @Test("those that ended are bounded; the latest stay")
    func bounded() {
        var sessions = BudgetedSessions()
        for id in 0..<3 * BudgetedSessions.mostEnded {
            sessions.take(.sessionOpened(id: "\(id)", Self.facts))
            sessions.take(.sessionOver(id: "\(id)", bytes: 1, time: 1))
            #expect(sessions.count <= BudgetedSessions.mostEnded)
        }
        #expect(sessions.known.contains { $0.id == "\(3 * BudgetedSessions.mostEnded - 1)" })
    }
}
