import GatewayCore
import GatewayCoreTesting
import Testing

@Suite("Places of sessions")
struct PermitBookTests {
    private static func claims(_ rule: Int, _ client: Int, _ most: [Int?]) -> [PermitBook.Claim] {
        [
            PermitBook.Claim(.rule("r\(rule)"), most: most[0]), PermitBook.Claim(.client("c\(client)"), most: most[1]),
            PermitBook.Claim(.address(AddressBlock(IPAddress("192.0.2.\(client)"))), most: most[2]),
        ]
    }

    @Test("who gets no place of one kind takes none of another")
    func allOrNone() {
        var book = PermitBook()
        let first = Self.claims(1, 1, [9, 1, 9])
        #expect(book.take(first) == nil)
        #expect(book.take(first) == .client("c1"))
        #expect(book.count(of: .rule("r1")) == 1)
        #expect(book.take(Self.claims(1, 2, [1, 9, 9])) == .rule("r1"))
        #expect(book.count(of: .client("c2")) == 0)
        book.giveBack(first)
        #expect(book == PermitBook(), "nothing is remembered of those that are gone")
    }

    @Test("a limit of zero lets nobody in, no limit everybody")
    func extremes() {
        var book = PermitBook()
        #expect(book.take([PermitBook.Claim(.rule("r"), most: 0)]) == .rule("r"))
        for _ in 0..<1000 { #expect(book.take([PermitBook.Claim(.rule("r"), most: nil)]) == nil) }
        #expect(book.count(of: .rule("r")) == 1000)
    }

    /// One world of sessions that come and go at random.
    private struct World {
        let most: [Int?]
        var generator: SeededGenerator
        var book = PermitBook()
        var inside: [[PermitBook.Claim]] = []

        init(seed: UInt64) {
            var generator = SeededGenerator(seed: seed)
            most = (0..<3).map { _ in Bool.random(using: &generator) ? Int.random(in: 0...6, using: &generator) : nil }
            self.generator = generator
        }

        mutating func step() {
            guard Bool.random(using: &generator) || inside.isEmpty else {
                return book.giveBack(inside.remove(at: Int.random(in: inside.indices, using: &generator)))
            }
            let claims = PermitBookTests.claims(
                Int.random(in: 0..<2, using: &generator), Int.random(in: 0..<4, using: &generator), most)
            let fits = zip(claims.map(counted), most).allSatisfy { count, most in most.map { count < $0 } ?? true }
            #expect((book.obstacle(claims) == nil) == fits)
            #expect((book.take(claims) == nil) == fits)
            if fits { inside.append(claims) }
        }

        func counted(_ claim: PermitBook.Claim) -> Int { inside.count { $0.contains(claim) } }

        func check() {
            for claim in PermitBookTests.claims(0, 0, most) + PermitBookTests.claims(1, 3, most) {
                #expect(book.count(of: claim.subject) == counted(claim))
                if let most = claim.most { #expect(book.count(of: claim.subject) <= most) }
            }
            #expect(book.subjects <= 2 + 4 + 4)
        }
    }

    @Test("in ten thousand random sequences no limit is exceeded, and no place is lost")
    func property() {
        for seed in 1...10_000 {
            var world = World(seed: UInt64(seed))
            for _ in 0..<20 { world.step() }
            world.check()
            for claims in world.inside { world.book.giveBack(claims) }
            #expect(world.book == PermitBook(), "sequence \(seed)")
        }
    }

    @Test(
        "IPv6 addresses count as their /64, unknown ones as one",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::/64"),
            ("2001:db8::ffff:1:2:3", "2001:db8::/64"), ("2001:db8:0:1::1", "2001:db8:0:1::/64"), ("", "unknown"),
        ])
    func blocks(address: String, block: String) {
        #expect(AddressBlock(IPAddress(address)).description == block)
    }
}
