import GatewayCore
import Testing

@Suite("Access policy")
struct AccessPolicyTests {
    private static let app = "https://app.example.com"
    private static let lan = [AddressRange("10.0.0.0/8"), AddressRange("fd00::/8")].compactMap(\.self).map(
        AddressPattern.range)

    private static let policy = AccessPolicy(
        rules: [
            AccessRule(
                name: "web", origins: [app, "http://localhost:3000", "https://kiosk.example"].map(OriginPattern.init)),
            AccessRule(name: "office", origins: [OriginPattern("https://office.example")], addresses: lan),
            AccessRule(name: "devices", addresses: lan),
            AccessRule(name: "late", origins: [OriginPattern(app)], addresses: [.loopback]),
            AccessRule(name: "nobody"),
        ], hosts: [])

    /// The name of the rule that lets it in, or the code of the refusal.
    private static func decision(_ origins: [String], from remote: String?) throws -> String {
        let remote = try remote.map { try #require(IPAddress($0)) }
        let request = AccessRequest(host: "localhost", origins: origins, client: ClientAddress(remote), local: nil)
        switch policy.decide(request) {
        case .admitted(let rule): return rule.name
        case .refused(let refusal): return refusal.rawValue
        }
    }

    @Test(
        "the first rule decides of which everything holds",
        arguments: [
            ([app], "203.0.113.1", "web"), ([app], "127.0.0.1", "web"), ([app], "10.1.2.3", "web"),
            ([app], nil, "web"), (["http://localhost:3000"], "127.0.0.1", "web"),
            (["https://office.example"], "10.1.2.3", "office"),
            (["https://office.example"], "203.0.113.1", "address_refused"),
            (["https://office.example"], nil, "address_refused"), ([], "10.1.2.3", "devices"),
            ([], "::ffff:10.1.2.3", "devices"), ([], "fd12::1", "devices"), ([], "11.0.0.1", "address_refused"),
            ([], "127.0.0.1", "address_refused"), ([], "::1", "address_refused"), ([], nil, "address_refused"),
        ] as [([String], String?, String)])
    func firstRule(origins: [String], remote: String?, outcome: String) throws {
        #expect(try Self.decision(origins, from: remote) == outcome)
    }

    @Test(
        "letters' case does not count in an origin", arguments: ["HTTPS://app.example.com", "https://APP.Example.com"])
    func upperCase(origin: String) throws {
        #expect(try Self.decision([origin], from: "203.0.113.1") == "web")
    }

    @Test(
        "an origin that no rule names is refused, wherever it comes from",
        arguments: [
            "null", "NULL", "", " ", "*", "https://evil.example", "http://app.example.com", "app.example.com",
            "//app.example.com", "https://app.example.com:443", "https://app.example.com:8443",
            "https://app.example.com:",
            "https://app.example.com.", "https://app.example.com/", "https://app.example.com/x",
            "https://app.example.com?",
            "https://app.example.com#", " https://app.example.com", "https://app.example.com ",
            "https://app.example.com\t",
            "https://app.example.com,https://evil.example", "https://evil.example https://app.example.com",
            "https://user@app.example.com", "https://app.example.com@evil.example", "https://user:pw@app.example.com",
            "https://app.example.com.evil.example", "https://evil-app.example.com", "https://sub.app.example.com",
            "https://example.com", "https://app_example.com", "https://app.example.com%00", "https://app.example.com\0",
            "https:/app.example.com", "https:app.example.com", "https:\\\\app.example.com", "wss://app.example.com",
            "file://", "file://app.example.com", "chrome-extension://app.example.com", "http://localhost",
            "http://localhost:3001", "http://127.0.0.1:3000", "http://[::1]:3000", "http://[::ffff:127.0.0.1]:3000",
            "https://ａpp.example.com", "https://\u{430}pp.example.com", "https://\u{212A}iosk.example",
            "https://kio\u{17F}k.example", "https://app.example.co\u{6D}\u{301}",
        ])
    func otherOrigins(origin: String) throws {
        #expect(try Self.decision([origin], from: "10.1.2.3") == "origin_refused")
        #expect(try Self.decision([origin], from: "127.0.0.1") == "origin_refused")
        #expect(!Self.policy.mentions(origin: origin))
    }

    @Test("two origins are malformed, equal ones too")
    func twoOrigins() throws {
        #expect(try Self.decision([Self.app, Self.app], from: "127.0.0.1") == "bad_request")
        #expect(try Self.decision([Self.app, "https://evil.example"], from: "127.0.0.1") == "bad_request")
    }

    @Test("the host is looked at first")
    func hostFirst() {
        let request = AccessRequest(
            host: "rebind.example", origins: ["http://rebind.example", "x"],
            client: ClientAddress(IPAddress("127.0.0.1")),
            local: IPAddress("127.0.0.1"))
        #expect(Self.policy.decide(request) == .refused(.hostRefused))
    }

    @Test("that origin and host are the same proves nothing")
    func sameOrigin() {
        let policy = AccessPolicy(rules: [AccessRule(name: "local", addresses: [.loopback])], hosts: [])
        let request = AccessRequest(
            host: "localhost:8080", origins: ["http://localhost:8080"], client: ClientAddress(IPAddress("127.0.0.1")),
            local: IPAddress("127.0.0.1"))
        #expect(policy.decide(request) == .refused(.originRefused))
    }

    @Test("without rules nobody is let in, and a rule that looks at nothing matches nobody")
    func noRules() throws {
        for rules in [[], [AccessRule(name: "all")], [AccessRule(name: "empty", origins: [], addresses: [])]] {
            let policy = AccessPolicy(rules: rules, hosts: [])
            for origins in [[], ["https://app.example.com"]] {
                let request = AccessRequest(
                    host: "localhost", origins: origins, client: ClientAddress(IPAddress("127.0.0.1")),
                    local: IPAddress("127.0.0.1"))
                #expect(policy.decide(request) == .refused(origins.isEmpty ? .addressRefused : .originRefused))
            }
        }
    }

    @Test("origins are mentioned when any rule names them, whatever the address")
    func mentions() {
        #expect(Self.policy.mentions(origin: Self.app))
        #expect(Self.policy.mentions(origin: "https://OFFICE.example"))
        #expect(!Self.policy.mentions(origin: "https://evil.example"))
    }
}
