import GatewayCore
import Testing

@Suite("Addresses of clients")
struct ClientAddressTests {
    private static let trusted = ["10.0.0.0/29", "::1"].compactMap(AddressRange.init)

    /// The address, `?` when it is doubtful, `+` when it came through a trusted proxy.
    private static func client(
        _ peer: String?, _ source: ClientAddressSource, xff: [String] = [], forwarded: [String] = [],
        others: Bool = false
    ) -> String {
        let client = ClientAddress.find(
            peer: peer.flatMap(IPAddress.init),
            trail: ClientAddress.Trail(xForwardedFor: xff, forwarded: forwarded, hasOthers: others), source: source,
            trusted: trusted)
        return (client.address?.description ?? "none") + (client.isDoubtful ? "?" : "") + (client.isProxied ? "+" : "")
    }

    @Test(
        "the right-most hop that nobody vouches for is the client",
        arguments: [
            ("10.0.0.1", ["192.0.2.1"], "192.0.2.1+"), ("10.0.0.1", ["198.51.100.9, 192.0.2.1"], "192.0.2.1+"),
            ("10.0.0.1", ["192.0.2.1, 10.0.0.2"], "192.0.2.1+"),
            ("10.0.0.1", ["192.0.2.1", "10.0.0.2, 10.0.0.3"], "192.0.2.1+"),
            ("::1", ["127.0.0.1, 192.0.2.1"], "192.0.2.1+"), ("::ffff:10.0.0.1", ["192.0.2.1"], "192.0.2.1+"),
            ("10.0.0.1", ["10.0.0.2, 10.0.0.3"], "10.0.0.2+"), ("10.0.0.1", [], "10.0.0.1+"),
            ("10.0.0.1", ["127.0.0.1"], "127.0.0.1+"), ("10.0.0.1", ["unknown, 192.0.2.1"], "192.0.2.1+"),
            ("10.0.0.1", ["192.0.2.1, unknown"], "none+"), ("10.0.0.1", [""], "none+"),
            ("10.0.0.1", ["192.0.2.1,"], "none+"),
            ("10.0.0.9", ["192.0.2.1"], "10.0.0.9?"), ("127.0.0.1", ["192.0.2.1"], "127.0.0.1?"),
            ("127.0.0.1", [], "127.0.0.1"),
        ])
    func xForwardedFor(peer: String, values: [String], client: String) {
        #expect(Self.client(peer, .xForwardedFor, xff: values) == client)
        // What the listener does not look at changes nothing when the proxy is trusted.
        #expect(Self.client(peer, .xForwardedFor, xff: values, forwarded: [], others: false) == client)
    }

    @Test("a listener looks at the one header that it was told of")
    func oneSource() {
        #expect(Self.client("10.0.0.1", .forwarded, xff: ["1.1.1.1"], forwarded: ["for=192.0.2.1"]) == "192.0.2.1+")
        #expect(Self.client("10.0.0.1", .xForwardedFor, xff: ["192.0.2.1"], forwarded: ["for=1.1.1.1"]) == "192.0.2.1+")
        #expect(Self.client("10.0.0.1", .forwarded, xff: ["1.1.1.1"]) == "10.0.0.1?+")
        #expect(Self.client("10.0.0.1", .xForwardedFor, forwarded: ["for=1.1.1.1"]) == "10.0.0.1?+")
        #expect(Self.client("10.0.0.1", .xForwardedFor, others: true) == "10.0.0.1?+")
        #expect(Self.client("10.0.0.1", .xForwardedFor, xff: ["192.0.2.1"], others: true) == "192.0.2.1+")
        #expect(Self.client("10.0.0.1", .peer, xff: ["1.1.1.1"]) == "10.0.0.1?")
    }

    @Test("whoever speaks for others without being trusted is doubtful", arguments: ClientAddressSource.allCases)
    func doubtful(source: ClientAddressSource) {
        #expect(Self.client("127.0.0.1", source) == "127.0.0.1")
        #expect(Self.client("127.0.0.1", source, xff: [""]) == "127.0.0.1?")
        #expect(Self.client("127.0.0.1", source, forwarded: ["for=1.1.1.1"]) == "127.0.0.1?")
        #expect(Self.client("127.0.0.1", source, others: true) == "127.0.0.1?")
        #expect(Self.client(nil, source) == "none")
    }

    @Test("what a proxy announced counts where the listener takes addresses from there, and nothing else does")
    func announced() {
        let header = ProxyHeader.client(source: IPAddress("192.0.2.1"), destination: IPAddress("198.51.100.1"))
        let hidden = ProxyHeader.client(source: nil, destination: nil)
        let cases: [(ProxyHeader?, ClientAddressSource, ClientAddress.Trail, ClientAddress)] = [
            (header, .proxy, .init(), ClientAddress(IPAddress("192.0.2.1"), isProxied: true)),
            (.itself, .proxy, .init(), ClientAddress(IPAddress("10.0.0.1"), isProxied: true)),
            (hidden, .proxy, .init(), ClientAddress(nil, isProxied: true)),
            // The client may have written headers of its own.
            (
                header, .proxy, .init(xForwardedFor: ["127.0.0.1"]),
                ClientAddress(IPAddress("192.0.2.1"), isDoubtful: true, isProxied: true)
            ),
            // Connections from before a reload.
            (nil, .proxy, .init(), ClientAddress(IPAddress("10.0.0.1"))),
            (nil, .proxy, .init(forwarded: ["for=1.1.1.1"]), ClientAddress(IPAddress("10.0.0.1"), isDoubtful: true)),
            (header, .peer, .init(), ClientAddress(IPAddress("10.0.0.1"), isDoubtful: true)),
            (
                header, .xForwardedFor, .init(xForwardedFor: ["1.1.1.1"]),
                ClientAddress(IPAddress("10.0.0.1"), isDoubtful: true)
            ),
        ]
        for (header, source, trail, client) in cases {
            let found = ClientAddress.find(
                peer: IPAddress("10.0.0.1"), announced: header, trail: trail, source: source, trusted: Self.trusted)
            #expect(found == client, "\(String(describing: header)) \(source) \(trail)")
        }
    }

    @Test("loopback and private mean only clients that are surely near; ranges mean addresses")
    func words() throws {
        let near = ClientAddress(IPAddress("127.0.0.1"))
        let doubtful = ClientAddress(IPAddress("127.0.0.1"), isDoubtful: true)
        let range = AddressPattern.range(try #require(AddressRange("127.0.0.0/8")))
        #expect(AddressPattern.loopback.matches(near) && range.matches(near))
        #expect(!AddressPattern.loopback.matches(doubtful) && range.matches(doubtful))
        #expect(!AddressPattern.privateUse.matches(ClientAddress(IPAddress("10.0.0.1"), isDoubtful: true)))
        #expect(AddressPattern.privateUse.matches(ClientAddress(IPAddress("10.0.0.1"))))
        #expect(!range.matches(ClientAddress(nil)))
    }
}
