import GatewayCore
import Testing

@Suite("Address ranges")
struct AddressRangeTests {
    @Test(
        "a range is read and printed",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0/8"), ("10.1.2.3", "10.1.2.3/32"), ("0.0.0.0/0", "0.0.0.0/0"), ("::/0", "::/0"),
            ("2001:db8::/32", "2001:db8::/32"), ("::1", "::1/128"), ("192.168.1.128/25", "192.168.1.128/25"),
        ])
    func read(text: String, printed: String) throws {
        #expect(try #require(AddressRange(text)).description == printed)
    }

    @Test(
        "what is no range is refused",
        arguments: [
            "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "0.0.0.0/-0", "10.0.0.0/8/8",
            "10.0.0.1/8", "::1/127",
            "::/129", "10.0.0.0/ 8", "10.0.0.0/8 ", "10.0.0.0/255.0.0.0", "10.0.0.0/a", "10/8", "example.com/8",
            "10.0.0.0/٨",
        ])
    func refused(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test(
        "an address is in the range or not, never across families",
        arguments: [
            ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false), ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "::1", false), ("::/0", "8.8.8.8", false), ("::/0", "2001:db8::1", true),
            ("192.168.1.128/25", "192.168.1.127", false), ("192.168.1.128/25", "192.168.1.200", true),
            ("10.1.2.3", "10.1.2.3", true), ("10.1.2.3", "10.1.2.4", false), ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false),
            ("fe80::/10", "febf::1", true), ("fe80::/10", "fec0::1", false), ("::1", "::1", true),
            ("::1", "::2", false),
        ])
    func contains(range: String, address: String, isIn: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(try #require(IPAddress(address))) == isIn)
    }

    @Test(
        "the named ranges hold what their names say",
        arguments: [
            ("127.0.0.1", true, false), ("127.255.0.1", true, false), ("::1", true, false), ("10.9.9.9", false, true),
            ("172.16.0.1", false, true), ("172.31.255.255", false, true), ("172.32.0.1", false, false),
            ("192.168.0.1", false, true), ("169.254.1.1", false, true), ("fe80::1", false, true),
            ("fd00::1", false, true),
            ("8.8.8.8", false, false), ("2001:db8::1", false, false), ("::ffff:127.0.0.1", true, false),
        ])
    func named(address: String, isLoopback: Bool, isPrivate: Bool) throws {
        let address = try #require(IPAddress(address))
        #expect(AddressRange.loopback.contains { $0.contains(address) } == isLoopback)
        #expect(AddressRange.privateUse.contains { $0.contains(address) } == isPrivate)
    }

    @Test("no named range was lost to a misprint")
    func namedCounts() {
        #expect(AddressRange.loopback.count == 2)
        #expect(AddressRange.privateUse.count == 6)
    }
}
