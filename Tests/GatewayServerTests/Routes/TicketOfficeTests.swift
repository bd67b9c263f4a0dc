import GatewayCore
import GatewayTesting
import Glibc
import Logging
import Testing

@testable import GatewayServer

@Suite("Ticket office")
struct TicketOfficeTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let ticket = Ticket(
        id: "", rule: "web", client: .named("a"), origin: "https://app.example.com", policy: "noisy", expires: 0)

    private static func office(_ directory: StateDirectory? = nil, lifetime: Duration = .seconds(60)) throws
        -> TicketOffice
    {
        try TicketOffice(
            lifetime: lifetime, store: AdmissionStore(directory: directory, logger: logger), directory: directory)
    }

    @Test("a ticket says what it was issued with, how long it lasts, and is good once")
    func once() throws {
        let office = try Self.office()
        let (text, seconds) = office.issue(Self.ticket)
        #expect(seconds == 60)
        var opened = try office.open(text)
        try office.redeem(opened)
        #expect(throws: Ticket.Failure.invalid) { try office.redeem(opened) }
        #expect(throws: Ticket.Failure.invalid) { try office.open(text) }
        (opened.id, opened.expires) = ("", 0)
        #expect(opened == Self.ticket)
    }

    @Test("to look at a ticket does not use it up")
    func looking() throws {
        let office = try Self.office()
        let (text, _) = office.issue(Self.ticket, seconds: 5)
        for _ in 0..<3 { #expect(try office.open(text).policy == "noisy") }
    }

    @Test("the clock expires it")
    func expired() throws {
        let office = try Self.office(lifetime: .zero)
        let (text, seconds) = office.issue(Self.ticket)
        #expect(seconds == 0)
        #expect(throws: Ticket.Failure.expired) { try office.open(text) }
    }

    @Test("a letter that is changed, added or taken away makes it worthless, anywhere")
    func changed() throws {
        let office = try Self.office()
        let text = Array(office.issue(Self.ticket).text)
        for index in text.indices {
            var other = text
            other[index] = text[index] == "A" ? "B" : "A"
            #expect(throws: Ticket.Failure.invalid) { try office.open(String(other)) }
            #expect(throws: Ticket.Failure.invalid) { try office.open(String(text[..<index])) }
        }
        #expect(throws: Ticket.Failure.invalid) { try office.open(String(text) + "A") }
        #expect(throws: Ticket.Failure.invalid) { try office.open(String(text) + "=") }
    }

    @Test("another gateway's ticket is none here")
    func another() throws {
        let (text, _) = try Self.office().issue(Self.ticket)
        #expect(throws: Ticket.Failure.invalid) { try Self.office().open(text) }
    }

    @Test("a restart keeps tickets good, and used ones used")
    func restart() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        var texts: [String] = []
        do {
            let office = try Self.office(StateDirectory(path: directory.path))
            texts = (0..<2).map { _ in office.issue(Self.ticket).text }
            try office.redeem(office.open(texts[0]))
        }
        let office = try Self.office(StateDirectory(path: directory.path))
        #expect(throws: Ticket.Failure.invalid) { try office.open(texts[0]) }
        try office.redeem(office.open(texts[1]))
    }

    @Test("of many that use one ticket at once, one gets through")
    func race() async throws {
        let office = try Self.office(lifetime: .seconds(3600))
        let ticket = try office.open(office.issue(Self.ticket).text)
        let taken = await withTaskGroup { group in
            for _ in 0..<64 {
                group.addTask { (try? office.redeem(ticket)) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(taken == 1)
    }
}

@Suite("Secrets of tickets")
struct TicketSecretsTests {
    private static let bytes = Array("ticket".utf8)

    @Test("an old secret is followed by a new one, and believed as long as a ticket of its may last")
    func rotation() {
        let made = 1_700_000_000
        var secrets = TicketSecrets(now: made)
        let signature = secrets.sign(Self.bytes)
        #expect(secrets.rotate(now: made + TicketSecrets.lifetime - 1) == false)
        #expect(secrets.rotate(now: made + TicketSecrets.lifetime) == true)
        #expect(secrets.sign(Self.bytes) != signature)
        #expect(secrets.isSigned(Self.bytes, with: signature))
        let overlap = made + TicketSecrets.lifetime + TicketSecrets.overlap
        #expect(secrets.rotate(now: overlap - 1) == false)
        #expect(secrets.rotate(now: overlap) == true)
        #expect(!secrets.isSigned(Self.bytes, with: signature))
        #expect(secrets.rotate(now: overlap) == false)
    }

    @Test("what is saved is read again, readable by the owner alone")
    func saved() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let state = try StateDirectory(path: directory.path)
        let first = try TicketSecrets(in: state, now: 1_700_000_000)
        let second = try TicketSecrets(in: state, now: 1_700_000_001)
        #expect(second.isSigned(Self.bytes, with: first.sign(Self.bytes)))
        var status = stat()
        #expect(stat(state.file(TicketSecrets.fileName), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("a file without a secret is refused, not replaced", arguments: ["", "x\n", "1 00\n", "1700000000 zz\n"])
    func damaged(text: String) throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let state = try StateDirectory(path: directory.path)
        try StateFile.replace(state.file(TicketSecrets.fileName), with: Array(text.utf8))
        #expect(throws: StateFileError.self) { try TicketSecrets(in: state, now: 1_700_000_000) }
    }
}
