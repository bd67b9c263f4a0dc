import GatewayCore
import Testing

@Suite("Days and months of budgets")
struct BudgetWindowTests {
    private static let day = 86_400_000

    @Test(
        "months are those of the calendar, and end when it says",
        arguments: [
            // Days since 1970, year, month, days until the first of the next month.
            (0, 1970, 1, 31), (30, 1970, 1, 1), (31, 1970, 2, 28), (58, 1970, 2, 1), (59, 1970, 3, 31),
            (364, 1970, 12, 1), (365, 1971, 1, 31), (11_015, 2000, 2, 2), (11_016, 2000, 2, 1),
            (11_017, 2000, 3, 31), (19_782, 2024, 2, 1), (19_783, 2024, 3, 31), (20_147, 2025, 2, 1),
            (20_423, 2025, 12, 31), (20_424, 2025, 12, 30), (20_782, 2026, 11, 6), (47_540, 2100, 2, 1),
            (-1, 1969, 12, 1),
        ])
    func months(day: Int, year: Int, month: Int, rest: Int) {
        let window = BudgetWindow(.month, at: day * Self.day + 1)
        #expect(window.number == year * 12 + month - 1)
        #expect(window.end == (day + rest) * Self.day)
    }

    @Test("every day of four hundred years lies in a month that holds it, and months follow each other")
    func allDays() {
        var last = BudgetWindow(.month, at: 0)
        for day in 0..<146_097 {
            let window = BudgetWindow(.month, at: day * Self.day)
            #expect(window.end > day * Self.day && window.end <= (day + 31) * Self.day)
            if window != last {
                #expect(window.number == last.number + 1 && last.end == day * Self.day)
            }
            last = window
        }
        #expect(last.number == 2369 * 12 + 11)
    }

    @Test(
        "the end is written as a moment in UTC",
        arguments: [
            (0, "1970-01-02T00:00:00Z", "1970-02-01T00:00:00Z"),
            (20_782, "2026-11-26T00:00:00Z", "2026-12-01T00:00:00Z"),
            (20_818, "2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            (19_781, "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"),
        ])
    func text(day: Int, dayEnds: String, monthEnds: String) {
        #expect(BudgetWindow(.day, at: day * Self.day).endText == dayEnds)
        #expect(BudgetWindow(.month, at: day * Self.day).endText == monthEnds)
    }

    @Test("a day ends at midnight")
    func days() {
        #expect(BudgetWindow(.day, at: 0) == BudgetWindow(.day, at: Self.day - 1))
        #expect(BudgetWindow(.day, at: Self.day) != BudgetWindow(.day, at: Self.day - 1))
        #expect(BudgetWindow(.day, at: 5 * Self.day + 7).end == 6 * Self.day)
        #expect(BudgetWindow(.day, at: -1).number == -1)
    }
}
