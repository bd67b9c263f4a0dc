import GatewayCore
import Testing

@Suite("What the environment says of proxies")
struct ProxyEnvironmentTests {
    private static func proxy(
        _ variables: [String: String], for url: String = "wss://api.example.com/s"
    ) throws -> ProxyAddress? {
        try ProxyEnvironment(variables).proxy(for: try #require(EndpointURL(url)))
    }

    private static let plain = ProxyAddress(host: "proxy.example", port: 3128)

    @Test("is read in libcurl's order")
    func names() throws {
        let names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        for (rank, name) in names.enumerated() {
            var variables = Dictionary(uniqueKeysWithValues: names[rank...].map { ($0, "http://later.example:1") })
            variables[name] = "http://proxy.example:3128"
            #expect(try Self.proxy(variables) == Self.plain, "\(name)")
        }
        for name in ["http_proxy", "HTTP_PROXY"] {
            #expect(try Self.proxy([name: "http://proxy.example:3128"]) == nil)
        }
        #expect(try Self.proxy(["https_proxy": "", "all_proxy": ""]) == nil)
        #expect(Set(names).isSubset(of: ProxyEnvironment.variables))
    }

    @Test(
        "takes a proxy with and without scheme, port and credentials",
        arguments: [
            ("http://proxy.example:3128", plain), ("proxy.example:3128", plain), ("HTTP://Proxy.Example:3128/", plain),
            ("http://proxy.example", ProxyAddress(host: "proxy.example", port: 1080)),
            ("http://[::1]:8", ProxyAddress(host: "::1", port: 8)), ("[::1]", ProxyAddress(host: "::1", port: 1080)),
            (
                "http://me:p%40ss@proxy.example:3128",
                ProxyAddress(host: "proxy.example", port: 3128, credentials: "me:p@ss")
            ),
            ("http://me@proxy.example:3128", ProxyAddress(host: "proxy.example", port: 3128, credentials: "me:")),
        ])
    func forms(text: String, expected: ProxyAddress) throws {
        #expect(try Self.proxy(["https_proxy": text]) == expected)
    }

    @Test(
        "names the variable that streams cannot go by, and nothing of its value",
        arguments: ["https://proxy.example", "socks5://proxy.example", "http://a b", "http://x:%zz@y", "http://h:0"])
    func unusable(text: String) {
        let error = #expect(throws: StreamProxyFailure.self) { try Self.proxy(["https_proxy": text]) }
        #expect(error?.description.contains("https_proxy") == true)
        #expect(error?.description.contains("example") == false)
    }

    @Test(
        "exempts hosts by name, domain, address and range",
        arguments: [
            ("*", "wss://a.example/", true), ("a.example", "wss://a.example/", true),
            ("example", "wss://a.example/", true), (".example", "wss://a.example/", true),
            ("b.example, A.Example", "wss://a.example/", true), ("ample", "wss://a.example/", false),
            ("a.example", "wss://b.a.example/", true), ("a.example", "wss://example/", false), ("", "wss://a/", false),
            ("127.0.0.1", "wss://127.0.0.1/", true), ("127.0.0.0/8", "wss://127.1.2.3/", true),
            ("127.0.0.0/8", "wss://128.1.2.3/", false), ("[::1]", "wss://[::1]/", true),
            ("0.1", "wss://127.0.0.1/", false),
        ])
    func exemptions(list: String, url: String, isExempt: Bool) throws {
        let variables = ["ALL_PROXY": "http://proxy.example:3128", "NO_PROXY": list]
        #expect(try (Self.proxy(variables, for: url) == nil) == isExempt)
        // The name in small letters goes first.
        #expect(try Self.proxy(variables.merging(["no_proxy": "other"]) { $1 }, for: url) == Self.plain)
    }

    private static let choices: [ProxyChoice] = [.environment, .direct, .through(plain)]
    private static let everywhere = ["ALL_PROXY": "http://proxy.example:3128"]

    @Test("a plain URL, which is for this machine, takes no proxy, whatever is chosen", arguments: choices)
    func plainURL(choice: ProxyChoice) throws {
        for text in ["ws://127.0.0.1:1/s", "ws://localhost:1/s", "http://[::1]:1/t"] {
            let url = try #require(EndpointURL(text))
            #expect(choice.onTheWay(to: url) == .direct)
            #expect(try choice.streamProxy(to: url, Self.everywhere) == nil)
        }
    }

    @Test(
        "a secure URL takes the one that is chosen",
        arguments: [(.environment, plain), (.direct, nil), (.through(plain), plain)] as [(ProxyChoice, ProxyAddress?)])
    func secureURL(choice: ProxyChoice, proxy: ProxyAddress?) throws {
        let url = try #require(EndpointURL("wss://api.example.com/s"))
        #expect(choice.onTheWay(to: url) == choice)
        #expect(try choice.streamProxy(to: url, Self.everywhere) == proxy)
    }

    @Test(
        "no stream goes through a proxy to an address, and the words say what to do instead",
        arguments: ["wss://192.0.2.1/s", "wss://[2001:db8::1]/s"])
    func addresses(text: String) throws {
        let url = try #require(EndpointURL(text))
        for choice in [ProxyChoice.environment, .through(Self.plain)] {
            let error = #expect(throws: StreamProxyFailure.self) { try choice.streamProxy(to: url, Self.everywhere) }
            #expect(error?.description.contains("NO_PROXY") == true)
        }
        #expect(try ProxyChoice.direct.streamProxy(to: url, Self.everywhere) == nil)
        let exempt = Self.everywhere.merging(["no_proxy": url.host]) { $1 }
        #expect(try ProxyChoice.environment.streamProxy(to: url, exempt) == nil)
    }
}
