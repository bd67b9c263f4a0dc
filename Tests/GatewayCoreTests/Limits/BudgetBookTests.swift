import GatewayCoreTesting
import Testing

@testable import GatewayCore

@Suite("Budgets")
struct BudgetBookTests {
    private static let second = 1_000_000
    private static let day = 86_400_000

    private static func budgets(_ client: String, day: Int, month: Int = 1000, all: Int = 10_000)
        -> [BudgetBook.Budget]
    {
        [
            BudgetBook.Budget(owner: .client(client), kind: .day, most: day * second),
            BudgetBook.Budget(owner: .client(client), kind: .month, most: month * second),
            BudgetBook.Budget(owner: .gateway, kind: .day, most: all * second),
        ]
    }

    @Test("a slice shrinks with what is left, but is never less than what waits, and then there is none")
    func shrinks() throws {
        var book = BudgetBook()
        let budgets = Self.budgets("a", day: 640)
        let first = try book.reserve(from: budgets, wanted: 5 * Self.second, least: 1, now: 0)
        #expect(first.amount == 5 * Self.second)
        _ = try book.reserve(from: budgets, wanted: 5, least: 535 * Self.second, now: 0)
        let shrunk = try book.reserve(from: budgets, wanted: 5 * Self.second, least: 1, now: 0)
        #expect(shrunk.amount == 100 * Self.second / 64)
        let rest = 640 * Self.second - book.used(first.accounts[0])
        let last = try book.reserve(from: budgets, wanted: 5 * Self.second, least: rest, now: 0)
        #expect(last.amount == rest)
        #expect(last.share == 1)
        let error = #expect(throws: BudgetBook.Exhausted.self) {
            try book.reserve(from: budgets, wanted: 5 * Self.second, least: 1, now: 7)
        }
        #expect(error == BudgetBook.Exhausted(owner: .client("a"), window: BudgetWindow(.day, at: 0)))
    }

    @Test("what waits is larger than what is left: all of it or nothing")
    func large() throws {
        var book = BudgetBook()
        let budgets = Self.budgets("a", day: 12)
        #expect(throws: BudgetBook.Exhausted.self) {
            try book.reserve(from: budgets, wanted: 1, least: 13 * Self.second, now: 0)
        }
        #expect(try book.reserve(from: budgets, wanted: 1, least: 12 * Self.second, now: 0).amount == 12 * Self.second)
        #expect(book.obstacle(budgets, now: 0) != nil)
    }

    @Test("an exchange that fails changes nothing")
    func exchange() throws {
        var book = BudgetBook()
        let budgets = Self.budgets("a", day: 12)
        let slice = try book.reserve(from: budgets, wanted: 1, least: 11 * Self.second, now: 0)
        let before = book
        #expect(throws: BudgetBook.Exhausted.self) {
            try book.exchange(
                Self.second, of: slice.accounts, for: budgets, wanted: 1, least: 3 * Self.second, now: 0)
        }
        #expect(book == before)
        _ = try book.exchange(Self.second, of: slice.accounts, for: budgets, wanted: 1, least: 2 * Self.second, now: 0)
        #expect(book.used(slice.accounts[0]) == 12 * Self.second)
    }

    @Test("the next day and the next month begin with nothing used, and each of its own")
    func windows() throws {
        var book = BudgetBook()
        let budgets = Self.budgets("a", day: 10, month: 15)
        _ = try book.reserve(from: budgets, wanted: 1, least: 10 * Self.second, now: 0)
        _ = try book.reserve(from: budgets, wanted: 1, least: 5 * Self.second, now: Self.day)
        let error = #expect(throws: BudgetBook.Exhausted.self) {
            try book.reserve(from: budgets, wanted: 1, least: 1, now: 2 * Self.day)
        }
        #expect(error?.window == BudgetWindow(.month, at: 0))
        _ = try book.reserve(from: budgets, wanted: 1, least: 10 * Self.second, now: 31 * Self.day)
    }

    @Test("the whole gateway's budget bounds all clients together")
    func gateway() throws {
        var book = BudgetBook()
        _ = try book.reserve(from: Self.budgets("a", day: 10, all: 15), wanted: 1, least: 10 * Self.second, now: 0)
        _ = try book.reserve(from: Self.budgets("b", day: 10, all: 15), wanted: 1, least: 5 * Self.second, now: 0)
        let error = #expect(throws: BudgetBook.Exhausted.self) {
            try book.reserve(from: Self.budgets("c", day: 10, all: 15), wanted: 1, least: 1, now: 0)
        }
        #expect(error?.owner == .gateway)
    }

    @Test("accounts are bounded: those that are over go first, then those with the least use, never the gateway's")
    func bounded() throws {
        var book = BudgetBook(mostAccounts: 100)
        _ = try book.reserve(from: Self.budgets("big", day: 50), wanted: 1, least: 50 * Self.second, now: 0)
        for client in 0..<1000 {
            _ = try book.reserve(from: Self.budgets("c\(client)", day: 9), wanted: 1, least: Self.second, now: 0)
            #expect(book.count <= 100)
        }
        let today = BudgetWindow(.day, at: 0)
        #expect(book.used(.init(owner: .client("big"), window: today)) == 50 * Self.second)
        #expect(book.used(.init(owner: .gateway, window: today)) == 1050 * Self.second)
        #expect(book.current(now: 40 * Self.day).isEmpty)
    }
}
