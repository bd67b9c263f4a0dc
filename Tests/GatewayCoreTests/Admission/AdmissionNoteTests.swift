import GatewayCore
import Testing

@Suite("Notes of admission")
struct AdmissionNoteTests {
    static let notes: [AdmissionNote] = [
        .ticketUsed(id: "00ff", expires: 1_700_000_000_000),
        .audioUsed(BudgetBook.Account(owner: .gateway, window: BudgetWindow(.day, at: 0)), 0),
        .audioUsed(
            BudgetBook.Account(owner: .client("web@2001:db8::/64"), window: BudgetWindow(.month, at: 1)), 5_000_000),
        .audioUsed(BudgetBook.Account(owner: .client("client:a,b=c"), window: BudgetWindow(.day, at: 1)), 1),
        .sessionOpened(
            id: "00ff",
            BudgetedSession(startedAt: 1, bytesPerSecond: 32_000, rule: "web", client: "https://a.example")),
        .sessionOpened(
            id: "0", BudgetedSession(startedAt: 0, bytesPerSecond: 1, rule: "r", client: "any words at all")),
        .accountClaimed(id: "00ff", BudgetBook.Account(owner: .gateway, window: BudgetWindow(.month, at: 0))),
        .accountClaimed(id: "0", BudgetBook.Account(owner: .client("device:a"), window: BudgetWindow(.day, at: 0))),
        .audioPassed(id: "00ff", bytes: 64_000, untouched: 5_000_000),
        .sessionOver(id: "00ff", bytes: 0, time: 1_700_000_000_000),
    ]

    @Test("a note is one line, and is read again", arguments: notes)
    func roundTrip(note: AdmissionNote) {
        #expect(!note.line.contains("\n"))
        #expect(AdmissionNote(line: note.line) == note)
    }

    @Test(
        "what is no note is skipped",
        arguments: [
            "", " ", "ticket", "ticket a", "ticket a b", "ticket  1", "ticket a 1 2", "audio day 1", "audio week 1 1",
            "audio day x 1", "audio day 1 -1", "other a 1", "\u{0}\u{0}", "audio day 1 1 a b", "session 0 1 2 r",
            "session 0 1 0 r c", "session  1 1 r c", "session 0 x 1 r c", "claim day 1", "claim day 1 ",
            "claim week 1 0",
            "passed 0 1", "passed 0 1 -1", "passed 0 1 1 1", "over 0", "over 0 1", "over  1 1", "over 0 1 1 1",
        ])
    func malformed(line: String) {
        #expect(AdmissionNote(line: line) == nil)
    }
}
