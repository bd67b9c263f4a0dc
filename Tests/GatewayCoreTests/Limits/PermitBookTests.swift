import GatewayCore
import GatewayCoreTesting
import Testing

@Suite("Places of sessions")
struct PermitBookTests {
    private static func claims(_ rule: Int, _ client: Int, _ most: [Int?]) -> [PermitBook.Claim] {
        [
            PermitBook.Claim(.gateway, most: most[0]), PermitBook.Claim(.rule("r\(rule)"), most: most[1]),
            PermitBook.Claim(.client("c\(client)"), most: most[2]),
            PermitBook.Claim(.address(AddressBlock(IPAddress("192.0.2.\(client)"))), most: most[3]),
        ]
    }

    @Test("who gets no place of one kind takes none of another")
    func allOrNone() {
        var book = PermitBook()
        let first = Self.claims(1, 1, [9, 9, 1, 9])
        #expect(book.take(first) == nil)
        #expect(book.take(first) == .client("c1"))
        #expect(book.count(of: .rule("r1")) == 1)
        #expect(book.take(Self.claims(1, 2, [9, 1, 9, 9])) == .rule("r1"))
        #expect(book.count(of: .client("c2")) == 0)
        book.giveBack(first)
        #expect(book == PermitBook(), "nothing is remembered of those that are gone")
    }

    @Test("a limit of zero lets nobody in, no limit everybody")
    func extremes() {
        var book = PermitBook()
        #expect(book.take([PermitBook.Claim(.gateway, most: 0)]) == .gateway)
        for _ in 0..<1000 { #expect(book.take([PermitBook.Claim(.gateway, most: nil)]) == nil) }
        #expect(book.count(of: .gateway) == 1000)
    }

    @Test("ten thousand random comings and goings never exceed a limit and leak nothing")
    func property() {
        var generator = SeededGenerator(seed: 3)
        let most: [Int?] = [40, 25, 4, 6]
        var book = PermitBook()
        var inside: [[PermitBook.Claim]] = []
        for _ in 0..<10_000 {
            if Bool.random(using: &generator) || inside.isEmpty {
                let claims = Self.claims(
                    Int.random(in: 0..<3, using: &generator), Int.random(in: 0..<12, using: &generator), most)
                let counts = claims.map { claim in inside.count { $0.contains(claim) } }
                let fits = zip(counts, most).allSatisfy { $0 < $1! }
                #expect((book.take(claims) == nil) == fits)
                if fits { inside.append(claims) }
            } else {
                let index = Int.random(in: inside.indices, using: &generator)
                book.giveBack(inside.remove(at: index))
            }
            for claim in Self.claims(0, 0, most) {
                #expect(book.count(of: claim.subject) == inside.count { $0.contains(claim) })
            }
            #expect(book.count(of: .gateway) <= 40)
            #expect(book.subjects <= 1 + 3 + 12 + 12)
        }
        for claims in inside { book.giveBack(claims) }
        #expect(book == PermitBook())
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
