import GatewayCore
import Testing

@testable import GatewayTelemetry

@Suite("Pseudonyms of addresses")
struct AddressPseudonymsTests {
    private let pseudonyms = AddressPseudonyms()
    private let day: Int64 = 86_400_000

    @Test("link one address within a day, and nothing beyond it")
    func days() throws {
        let (one, other) = try (#require(IPAddress("192.0.2.1")), #require(IPAddress("192.0.2.2")))
        let first = pseudonyms.pseudonym(of: one, at: 3 * day)
        #expect(first.utf8.count == 16 && first.allSatisfy(\.isHexDigit))
        #expect(pseudonyms.pseudonym(of: one, at: 4 * day - 1) == first)
        #expect(pseudonyms.pseudonym(of: other, at: 3 * day) != first)
        #expect(pseudonyms.pseudonym(of: one, at: 4 * day) != first)
        #expect(AddressPseudonyms().pseudonym(of: one, at: 3 * day) != first)
    }
}
