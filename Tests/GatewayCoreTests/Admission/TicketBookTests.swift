import GatewayCore
import GatewayCoreTesting
import Testing

@Suite("Ticket book")
struct TicketBookTests {
    private let web = TicketBook.Holder(rule: "web", origin: "https://app.example.com")
    private var book = TicketBook(lifetime: .seconds(60), most: 4)
    private var random = SeededGenerator(seed: 3)

    private mutating func issue(to holder: TicketBook.Holder? = nil, at now: Duration) -> String {
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        return book.issue(to: holder ?? web, random: bytes, now: now)
    }

    /// What became of an attempt: `nil` when the ticket was taken.
    private mutating func redeem(
        _ ticket: String, by holder: TicketBook.Holder? = nil, at now: Duration
    ) -> TicketBook.Failure? {
        do throws(TicketBook.Failure) {
            try book.redeem(ticket, by: holder ?? web, now: now)
            return nil
        } catch {
            return error
        }
    }

    @Test("a ticket is its prefix and the bytes it was made of, fit for a query")
    mutating func form() {
        let ticket = book.issue(to: web, random: [UInt8](repeating: 0xFF, count: 32), now: .zero)
        #expect(ticket == "fgt_" + String(repeating: "_", count: 42) + "8")
    }

    @Test("a ticket is good once")
    mutating func once() {
        let ticket = issue(at: .zero)
        #expect(redeem(ticket, at: .seconds(1)) == nil)
        #expect(redeem(ticket, at: .seconds(1)) == .invalid)
        #expect(book.count == 0)
    }

    @Test("a ticket is good until its lifetime has passed, not at that moment", arguments: [0, 59_999, 60_000, 60_001])
    mutating func expiry(milliseconds: Int) {
        let ticket = issue(at: .seconds(1000))
        #expect(
            redeem(ticket, at: .seconds(1000) + .milliseconds(milliseconds)) == (milliseconds < 60_000 ? nil : .expired)
        )
    }

    @Test("an expired ticket that was tried is forgotten")
    mutating func expiredOnce() {
        let ticket = issue(at: .zero)
        #expect(redeem(ticket, at: .seconds(61)) == .expired)
        #expect(redeem(ticket, at: .seconds(61)) == .invalid)
    }

    @Test(
        "only its holder can use a ticket, and another's attempt does not use it up",
        arguments: [
            TicketBook.Holder(rule: "kiosks", origin: "https://app.example.com"),
            TicketBook.Holder(rule: "web", origin: "https://evil.example"), TicketBook.Holder(rule: "web", origin: nil),
            TicketBook.Holder(rule: "web", origin: ""),
        ])
    mutating func holders(other: TicketBook.Holder) {
        let ticket = issue(at: .zero)
        #expect(redeem(ticket, by: other, at: .seconds(1)) == .invalid)
        #expect(redeem(ticket, by: other, at: .seconds(61)) == .invalid)
        #expect(redeem(ticket, at: .seconds(2)) == nil)
    }

    @Test("what was never issued is invalid", arguments: ["", "fgt_", "fgt_AAAA", "sk_live_key"])
    mutating func unknown(ticket: String) {
        _ = issue(at: .zero)
        #expect(redeem(ticket, at: .zero) == .invalid)
        #expect(book.count == 1)
    }

    @Test("a check takes nothing, and says what redeeming would")
    mutating func check() {
        let ticket = issue(at: .zero)
        #expect(checked(ticket, by: web, at: .seconds(59)) == nil)
        #expect(checked(ticket, by: web, at: .seconds(60)) == .expired)
        #expect(checked(ticket, by: TicketBook.Holder(rule: "other", origin: nil), at: .zero) == .invalid)
        #expect(redeem(ticket, at: .seconds(59)) == nil)
        #expect(checked(ticket, by: web, at: .seconds(59)) == .invalid)
    }

    private func checked(_ ticket: String, by holder: TicketBook.Holder, at now: Duration) -> TicketBook.Failure? {
        do throws(TicketBook.Failure) {
            _ = try book.check(ticket, by: holder, now: now)
            return nil
        } catch {
            return error
        }
    }

    @Test("a check tells the policy that a ticket was issued for", arguments: [nil, "noisy"])
    mutating func policy(name: String?) throws {
        let ticket = book.issue(to: web, policy: name, random: [1], now: .zero)
        #expect(try book.check(ticket, by: web, now: .zero) == name)
    }

    @Test("another lifetime is that of tickets to come", arguments: [10, 600])
    mutating func lifetime(seconds: Int) {
        let old = issue(at: .zero)
        book.lifetime = .seconds(seconds)
        let new = issue(at: .zero)
        #expect(checked(old, by: web, at: .seconds(59)) == nil)
        #expect(checked(old, by: web, at: .seconds(60)) == .expired)
        #expect(checked(new, by: web, at: .seconds(seconds) - .seconds(1)) == nil)
        #expect(checked(new, by: web, at: .seconds(seconds)) == .expired)
    }

    @Test("at the bound the oldest unused ticket goes")
    mutating func bound() {
        var tickets: [String] = []
        for second in 0..<4 { tickets.append(issue(at: .seconds(second))) }
        #expect(redeem(tickets[0], at: .seconds(4)) == nil)
        for second in 4..<6 { tickets.append(issue(at: .seconds(second))) }
        #expect(book.count == 4)
        #expect(redeem(tickets[1], at: .seconds(6)) == .invalid)
        for ticket in tickets[2...] { #expect(redeem(ticket, at: .seconds(6)) == nil) }
    }

    @Test("an expired ticket is known as such for one more lifetime, then forgotten")
    mutating func forgetting() {
        let old = issue(at: .zero)
        let older = issue(at: .zero)
        _ = issue(at: .seconds(119))
        #expect(redeem(old, at: .seconds(119)) == .expired)
        _ = issue(at: .seconds(120))
        #expect(redeem(older, at: .seconds(120)) == .invalid)
        #expect(book.count == 2)
    }

    @Test("a clock that jumps far ahead expires all, and the book goes on")
    mutating func jumpAhead() {
        let old = issue(at: .zero)
        let far = Duration.seconds(100 * 365 * 86400)
        #expect(redeem(old, at: far) == .expired)
        _ = issue(at: .seconds(1))
        let new = issue(at: far)
        #expect(book.count == 1)
        #expect(redeem(new, at: far + .seconds(59)) == nil)
    }

    @Test("a clock that goes back, against its promise, breaks no bound and makes no ticket last for ever")
    mutating func jumpBack() {
        let ahead = issue(at: .seconds(10_000))
        var tickets: [String] = []
        for second in 0..<6 { tickets.append(issue(at: .seconds(second))) }
        #expect(book.count == 4)
        #expect(redeem(ahead, at: .seconds(6)) == .invalid)
        #expect(redeem(tickets[5], at: .seconds(65)) == .expired)
    }

    @Test("what is remembered stays bounded however many tickets are issued and used behind one that is not")
    mutating func memory() throws {
        let first = issue(at: .zero)
        for _ in 0..<5000 { #expect(redeem(issue(at: .zero), at: .zero) == nil) }
        #expect(book.count == 1)
        let lists = Mirror(reflecting: book).children.compactMap { $0.value as? [String] }
        #expect(try #require(lists.first).count < 3000)
        #expect(redeem(first, at: .zero) == nil)
    }

    @Test("thousands of tickets, redeemed in any order, are each good once")
    mutating func many() {
        book = TicketBook(lifetime: .seconds(60), most: 4000)
        var tickets: [String] = []
        for index in 0..<4000 { tickets.append(issue(at: .milliseconds(index))) }
        for ticket in tickets.shuffled(using: &random) { #expect(redeem(ticket, at: .seconds(5)) == nil) }
        for ticket in tickets.prefix(10) { #expect(redeem(ticket, at: .seconds(5)) == .invalid) }
        #expect(book.count == 0)
    }
}
