import GatewayCore
import Testing

@testable import GatewayServer

@Suite("Ticket office")
struct TicketOfficeTests {
    private let holder = TicketBook.Holder(rule: "web", origin: "https://app.example.com")

    @Test("a ticket says how long it lasts and is good once")
    func once() throws {
        let office = TicketOffice(lifetime: .seconds(60))
        let (ticket, seconds) = office.issue(to: holder)
        #expect(seconds == 60)
        try office.redeem(ticket, by: holder)
        #expect(throws: TicketBook.Failure.invalid) { try office.redeem(ticket, by: holder) }
    }

    @Test("the clock expires it")
    func expired() {
        let office = TicketOffice(lifetime: .zero)
        let (ticket, seconds) = office.issue(to: holder)
        #expect(seconds == 0)
        #expect(throws: TicketBook.Failure.expired) { try office.redeem(ticket, by: holder) }
    }

    @Test("another cannot use it")
    func another() throws {
        let office = TicketOffice(lifetime: .seconds(60))
        let (ticket, _) = office.issue(to: holder)
        let other = TicketBook.Holder(rule: "web", origin: nil)
        #expect(throws: TicketBook.Failure.invalid) { try office.redeem(ticket, by: other) }
        try office.redeem(ticket, by: holder)
    }

    @Test("a check uses nothing up, and tells the policy")
    func check() throws {
        let office = TicketOffice(lifetime: .seconds(60))
        let (ticket, _) = office.issue(to: holder, policy: "noisy")
        for _ in 0..<3 { #expect(try office.check(ticket, by: holder) == "noisy") }
        try office.redeem(ticket, by: holder)
        #expect(throws: TicketBook.Failure.invalid) { try office.check(ticket, by: holder) }
    }

    @Test("another lifetime is said with the next ticket")
    func lifetime() {
        let office = TicketOffice(lifetime: .seconds(60))
        office.lifetime = .seconds(5)
        #expect(office.issue(to: holder).seconds == 5)
    }

    @Test("each is of 32 random bytes")
    func random() throws {
        let office = TicketOffice(lifetime: .seconds(60))
        let tickets = (0..<500).map { _ in office.issue(to: holder).ticket }
        #expect(Set(tickets).count == 500)
        for ticket in tickets {
            #expect(ticket.hasPrefix("fgt_"))
            #expect(try #require(Base64URL.decode(ticket.dropFirst(4))).count == 32)
        }
    }

    @Test("of many that use one ticket at once, one gets through")
    func race() async {
        let office = TicketOffice(lifetime: .seconds(3600))
        let holder = holder
        let (ticket, _) = office.issue(to: holder)
        let taken = await withTaskGroup { group in
            for _ in 0..<64 {
                group.addTask { (try? office.redeem(ticket, by: holder)) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(taken == 1)
    }
}
