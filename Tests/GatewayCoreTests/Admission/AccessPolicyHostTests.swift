import GatewayCore
import Testing

/// `Host` against DNS rebinding: which spellings a listener answers to.
@Suite("Hosts that are served")
struct AccessPolicyHostTests {
    private static func isServed(_ host: String, on local: String?, hosts: [String]) throws -> Bool {
        let policy = AccessPolicy(
            rules: [
                AccessRule(
                    name: "all",
                    addresses: ["0.0.0.0/0", "::/0"].compactMap(AddressRange.init).map(AddressPattern.range))
            ],
            hosts: hosts)
        let decision = policy.decide(
            AccessRequest(
                host: host, origins: [], client: ClientAddress(IPAddress("192.0.2.1")),
                local: try local.map { try #require(IPAddress($0)) }))
        switch decision {
        case .admitted: return true
        case .refused(let refusal):
            #expect(refusal == .hostRefused)
            return false
        }
    }

    @Test(
        "the configured names, localhost and the connection's own address are, with any port",
        arguments: [
            "gateway.example.com", "gateway.example.com:443", "gateway.example.com:8080", "GATEWAY.Example.COM",
            "gateway.example.com.", "Gateway.example.com.:8443", "gateway.example.com:", "localhost", "LOCALHOST:8080",
            "localhost.", "localhost.:80", "192.0.2.7", "192.0.2.7:8080", "[::ffff:192.0.2.7]:8080",
            "[::FFFF:c000:207]",
        ])
    func served(host: String) throws {
        #expect(try Self.isServed(host, on: "192.0.2.7", hosts: ["gateway.example.com"]))
    }

    @Test(
        "an IPv6 address is, however it is spelt, in brackets",
        arguments: [
            "[2001:db8::7]", "[2001:db8::7]:8080", "[2001:DB8::7]", "[2001:0db8:0:0:0:0:0:7]:80", "[2001:db8::0.0.0.7]",
        ])
    func servedIPv6(host: String) throws {
        #expect(try Self.isServed(host, on: "2001:db8::7", hosts: []))
    }

    @Test(
        "what another site can bring a browser to send is not",
        arguments: [
            "", ".", ":", ":80", "evil.example", "evil.example:8080", "7f000001.rebind.example",
            "localhost.evil.example",
            "gateway.example.com.evil.example", "evil-gateway.example.com", "sub.gateway.example.com", "example.com",
            "gateway", "notlocalhost", "localhost.localdomain", "localhost..", ".localhost", "gateway.example.com..",
            "..gateway.example.com", "user@localhost", "user:pw@localhost", "localhost@evil.example",
            "evil.example@localhost:80", "null", "*", "localhost/", "localhost/evil.example", "localhost#",
            "localhost ",
            " localhost", "local host", "localhost\t", "localhost\0", "localhost,evil.example", "localhost:80:80",
            "localhost:http", "localhost:-1", "localhost:+80", "localhost:123456", "localhost: 80", "localhost:８０",
            "ｌｏｃａｌｈｏｓｔ", "localhos\u{74}\u{301}", "loca\u{212A}host",
        ])
    func refusedNames(host: String) throws {
        #expect(try !Self.isServed(host, on: "192.0.2.7", hosts: ["gateway.example.com"]))
    }

    @Test(
        "another address than the connection's own is not, nor is a number that a browser might take for it",
        arguments: [
            "127.0.0.1", "0.0.0.0", "192.0.2.8", "192.0.2.7.", "192.0.2", "192.0.2.07", "3221225991", "0xC0000207",
            "0300.0.2.7", "192.0.2.7.example", "::1", "[::1]", "[::]:8080", "::ffff:192.0.2.7", "[192.0.2.7",
            "192.0.2.7]", "[]", "[", "]", "[::ffff:192.0.2.7%25eth0]", "[::ffff:192.0.2.7]evil", "[::ffff:192.0.2.7]:x",
            "[::ffff:192.0.2.8]", "[192.0.2.7]", "[192.0.2.7]:80", "[gateway.example.com]", "[localhost]",
        ])
    func refusedAddresses(host: String) throws {
        #expect(try !Self.isServed(host, on: "192.0.2.7", hosts: ["gateway.example.com"]))
    }

    @Test("an address that is configured is served as well: behind a translator nobody connects to it")
    func configuredAddress() throws {
        let hosts = ["203.0.113.5", "2001:db8::5"]
        for host in ["203.0.113.5", "203.0.113.5:8080", "[2001:db8::5]", "[2001:DB8:0::5]:443", "[::ffff:203.0.113.5]"]
        {
            #expect(try Self.isServed(host, on: "10.0.0.2", hosts: hosts), "\(host)")
        }
        #expect(try !Self.isServed("203.0.113.6", on: "10.0.0.2", hosts: hosts))
    }

    @Test("a name is compared letter by letter: what folds to it in Unicode is another")
    func unicode() throws {
        #expect(try Self.isServed("kiosk", on: nil, hosts: ["kiosk"]))
        #expect(try Self.isServed("KIOSK", on: nil, hosts: ["kiosk"]))
        #expect(try !Self.isServed("\u{212A}iosk", on: nil, hosts: ["kiosk"]))
        #expect(try !Self.isServed("kio\u{17F}k", on: nil, hosts: ["kiosk"]))
    }

    @Test("over a unix socket no address is its own", arguments: ["127.0.0.1", "[::1]", "0.0.0.0", "evil.example", ""])
    func unixSocket(host: String) throws {
        #expect(try !Self.isServed(host, on: nil, hosts: []))
        #expect(try Self.isServed("localhost", on: nil, hosts: []))
    }
}
