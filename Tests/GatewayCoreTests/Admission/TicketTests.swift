import GatewayCore
import Testing

@Suite("Tickets")
struct TicketTests {
    static let tickets = [
        Ticket(id: "00ff", rule: "web", client: .place(rule: "web", AddressBlock(IPAddress("192.0.2.1"))), expires: 1),
        Ticket(id: "a", rule: "web", client: .place(rule: "web", AddressBlock(IPAddress("2001:db8::1"))), expires: 2),
        Ticket(id: "a", rule: "web", client: .place(rule: "web", AddressBlock(nil)), expires: 3),
        Ticket(
            id: "b", rule: "kiosks", client: .device("kiosk-1"), device: DeviceKey(name: "kiosk-1", key: "abcd"),
            policy: "noisy", expires: 1_700_000_000_000),
        Ticket(
            id: "c", rule: "backend", client: .named("user@example/\"7\""), device: DeviceKey(name: "b", key: "00"),
            origin: "https://app.example.com", expires: 4),
    ]

    @Test("what is encoded is read again", arguments: tickets)
    func roundTrip(ticket: Ticket) {
        #expect(Ticket(ticket.encoded) == ticket)
    }

    @Test(
        "what is none is not read",
        arguments: [
            "", "{}", "null", "[]", #"{"i":"a","r":"b","e":1}"#, #"{"i":"a","r":"b","e":"1","d":"x"}"#,
            #"{"i":"a","r":"b","d":"x"}"#, #"{"i":1,"r":"b","e":1,"d":"x"}"#, #"{"i":"a","r":"b","e":1,"a":"nowhere"}"#,
            #"{"i":"a","r":"b","e":1.5,"d":"x"}"#, #"{"i":"a","r":"b","e":1,"d":"x"}{}"#,
        ])
    func malformed(text: String) {
        #expect(Ticket(Array(text.utf8)) == nil)
    }

    @Test("different clients have different keys")
    func keys() {
        let clients: [ClientIdentity] = [
            .device("a"), .named("a"), .place(rule: "a", AddressBlock(nil)),
            .place(rule: "a", AddressBlock(IPAddress("10.0.0.1"))),
            .place(rule: "b", AddressBlock(IPAddress("10.0.0.1"))),
        ]
        #expect(Set(clients.map(\.key)).count == clients.count)
    }
}

@Suite("Used tickets")
struct UsedTicketsTests {
    @Test("a ticket is good once, until it has expired and beyond")
    func once() {
        var used = UsedTickets()
        #expect(used.use("a", expires: 1000, now: 0) == true)
        #expect(used.use("a", expires: 1000, now: 0) == false)
        #expect(used.contains("a"))
        #expect(used.use("b", expires: 1000, now: 500) == true)
        #expect(used.use("a", expires: 1000, now: 999) == false)
    }

    @Test("it is bounded, and full rather than forgetful; what expired makes room")
    func bounded() {
        var used = UsedTickets(most: 100)
        for id in 0..<100 { #expect(used.use("\(id)", expires: 1000 + id, now: 0) == true) }
        #expect(used.use("x", expires: 5000, now: 0) == false)
        #expect(used.count == 100)
        #expect(used.use("x", expires: 500_000, now: 1050) == true)
        #expect(used.count == 50)
        #expect(used.current(now: 1098).map(\.id).sorted() == ["99", "x"])
    }

    @Test("it stays small when tickets come and expire for ever")
    func steady() {
        var used = UsedTickets(most: 10_000)
        var now = 0
        for id in 0..<50_000 {
            now += 100
            #expect(used.use("\(id)", expires: now + 60_000, now: now) == true)
            #expect(used.count <= 1300)
        }
    }
}

@Suite("Orders of tickets")
struct TicketOrderTests {
    private static func read(_ text: String) -> String {
        do throws(TicketOrder.Malformed) {
            let order = try TicketOrder.read(Array(text.utf8))
            return [order.client, order.policy, order.origin, order.expiresIn.map(String.init)]
                .map { $0 ?? "-" }.joined(separator: " ")
        } catch {
            return error.words
        }
    }

    @Test(
        "members are read, and what is none says nothing",
        arguments: [
            ("", "- - - -"), ("{}", "- - - -"), ("no json", "- - - -"), ("[1]", "- - - -"), ("null", "- - - -"),
            (#"{"anything":1}"#, "- - - -"), (#"{"client":"user-7"}"#, "user-7 - - -"),
            (#"{"client":null,"origin":null}"#, "- - - -"),
            (
                #"{"client":"u","policy":"noisy","origin":"https://app.example.com","expires_in":5}"#,
                "u noisy https://app.example.com 5"
            ),
            (#"{"origin":"http://localhost:3000"}"#, "- - http://localhost:3000 -"),
            (#"{"origin":"http://[::1]:3000"}"#, "- - http://[::1]:3000 -"),
        ])
    func reads(body: String, order: String) {
        #expect(Self.read(body) == order)
    }

    @Test(
        "a member that is wrong is named",
        arguments: [
            (#"{"client":""}"#, "client"), (#"{"client":7}"#, "client"), (#"{"client":"a b"}"#, "client"),
            (#"{"client":"ä"}"#, "client"), (#"{"policy":""}"#, "policy"), (#"{"policy":[]}"#, "policy"),
            (#"{"origin":"null"}"#, "origin"), (#"{"origin":"*"}"#, "origin"),
            (#"{"origin":"https://*.a.b"}"#, "origin"),
            (#"{"origin":"https://App.example"}"#, "origin"), (#"{"origin":"https://a/"}"#, "origin"),
            (#"{"origin":"https://u@a"}"#, "origin"), (#"{"origin":"https://"}"#, "origin"),
            (#"{"expires_in":0}"#, "expires_in"), (#"{"expires_in":3601}"#, "expires_in"),
            (#"{"expires_in":"60"}"#, "expires_in"), (#"{"expires_in":1.5}"#, "expires_in"),
        ])
    func malformed(body: String, member: String) {
        #expect(Self.read(body).hasPrefix("\(member) must be "))
    }
}
