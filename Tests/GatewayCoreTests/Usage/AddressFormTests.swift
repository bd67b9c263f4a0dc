import GatewayCore
import Testing

@Suite("What is kept of an address")
struct AddressFormTests {
    @Test(
        "is as much as its form says",
        arguments: [
            (.full, "192.0.2.77", "192.0.2.77"), (.truncated, "192.0.2.77", "192.0.2.0"),
            (.hashed, "192.0.2.77", "<192.0.2.77>"), (.none, "192.0.2.77", nil),
            (.truncated, "2001:db8:1:2:3::4", "2001:db8:1::"), (.truncated, "::ffff:192.0.2.77", "192.0.2.0"),
        ] as [(AddressForm, String, String?)])
    func forms(form: AddressForm, address: String, text: String?) throws {
        let address = try #require(IPAddress(address))
        #expect(form.text(of: address, pseudonym: { "<\($0)>" }) == text)
    }
}
