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
            "audio day x 1", "audio day 1 -1", "other a 1", "\u{0}\u{0}",
        ])
    func malformed(line: String) {
        #expect(AdmissionNote(line: line) == nil)
    }
}
