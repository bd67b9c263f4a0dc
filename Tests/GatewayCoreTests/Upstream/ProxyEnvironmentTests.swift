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

    @Test(
        "is read by the scheme of the URL, in libcurl's order",
        arguments: [
            ("wss://a.example/", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
            ("ws://a.example/", ["http_proxy", "all_proxy", "ALL_PROXY"]),
        ])
    func names(url: String, names: [String]) throws {
        for (rank, name) in names.enumerated() {
            var variables = Dictionary(uniqueKeysWithValues: names[rank...].map { ($0, "http://later.example:1") })
            variables[name] = "http://proxy.example:3128"
            #expect(try Self.proxy(variables, for: url) == Self.plain, "\(name)")
        }
        #expect(try Self.proxy(["HTTP_PROXY": "http://proxy.example:3128"], for: url) == nil)
        #expect(try Self.proxy(["https_proxy": "", "http_proxy": ""], for: url) == nil)
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
        let error = #expect(throws: ProxyEnvironment.Unusable.self) { try Self.proxy(["https_proxy": text]) }
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
            ("127.0.0.1", "ws://127.0.0.1/", true), ("127.0.0.0/8", "ws://127.1.2.3/", true),
            ("127.0.0.0/8", "ws://128.1.2.3/", false), ("[::1]", "ws://[::1]/", true),
            ("0.1", "ws://127.0.0.1/", false),
        ])
    func exemptions(list: String, url: String, isExempt: Bool) throws {
        let variables = ["ALL_PROXY": "http://proxy.example:3128", "NO_PROXY": list]
        #expect(try (Self.proxy(variables, for: url) == nil) == isExempt)
        // The name in small letters goes first.
        #expect(try Self.proxy(variables.merging(["no_proxy": "other"]) { $1 }, for: url) == Self.plain)
    }
}
