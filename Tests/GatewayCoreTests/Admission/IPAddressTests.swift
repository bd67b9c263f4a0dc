import GatewayCore
import Testing

@Suite("IP addresses")
struct IPAddressTests {
    @Test(
        "a literal is read and printed in its canonical form",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::", "::"),
            ("::1", "::1"), ("1::", "1::"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("fe80::0001", "fe80::1"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            ("0:0:0:0:0:0:0:0", "::"), ("::1.2.3.4", "::102:304"),
        ])
    func literals(text: String, printed: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == printed)
        #expect(IPAddress(printed) == address)
    }

    @Test(
        "what is no literal is refused",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.04", "1.2.3.", ".1.2.3", "1..2.3",
            "1.2.3.4 ",
            " 1.2.3.4", "+1.2.3.4", "-1.2.3.4", "0x7f.0.0.1", "1.2.3.١", "2130706433", ":", ":::", "1:", ":1", "::1::",
            "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "g::",
            "+1::", "::-1", "::１", "[::1]", "fe80::1%eth0", "::1/128", "1.2.3.4::", "::1.2.3.4:5", "::256.0.0.1",
            "1:2:3:4:5:6:7:1.2.3.4", "::ffff:1.2.3", "localhost", "::\u{0}",
        ])
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "an IPv4-mapped address is the IPv4 address",
        arguments: ["::ffff:10.1.2.3", "::FFFF:a01:203", "0:0:0:0:0:ffff:10.1.2.3"])
    func mapped(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address == IPAddress("10.1.2.3"))
        #expect(address.bitWidth == 32)
    }

    @Test("bytes in network order make an address, 4 or 16 of them")
    func bytes() {
        #expect(IPAddress(bytes: [10, 1, 2, 3]) == IPAddress("10.1.2.3"))
        #expect(IPAddress(bytes: [UInt8](repeating: 0, count: 15) + [1]) == IPAddress("::1"))
        #expect(IPAddress(bytes: [UInt8](repeating: 0, count: 10) + [255, 255, 10, 1, 2, 3]) == IPAddress("10.1.2.3"))
        #expect(IPAddress(bytes: [1, 2, 3]) == nil)
        #expect(IPAddress(bytes: []) == nil)
        #expect(IPAddress(bytes: [UInt8](repeating: 0, count: 17)) == nil)
    }
}
