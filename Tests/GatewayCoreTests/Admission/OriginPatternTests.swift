import GatewayCore
import Testing

@Suite("Origins of rules")
struct OriginPatternTests {
    private static let wildcard = OriginPattern("https://*.example.com")

    @Test(
        "a wildcard means one label below the domain",
        arguments: [
            "https://a.example.com", "https://app.example.com", "https://a-b.example.com", "https://a_b.example.com",
            "https://1.example.com", "https://xn--bcher-kva.example.com",
            "https://\(String(repeating: "a", count: 63)).example.com",
        ])
    func meant(origin: String) {
        #expect(Self.wildcard.matches(origin))
    }

    @Test(
        "and nothing else",
        arguments: [
            "null", "", "https://example.com", "https://.example.com", "https://a.b.example.com",
            "https://*.example.com", "http://a.example.com", "https://a.example.com:443", "https://a.example.com:8443",
            "https://a.example.com.", "https://a.example.com.evil.example", "https://evil.example/.example.com",
            "https://evil.example#.example.com", "https://evil.example?.example.com", "https://user@a.example.com",
            "https://evil.example:80@.example.com", "https://a%2eexample.com", "https://-a.example.com",
            "https://a-.example.com", "https://\(String(repeating: "a", count: 64)).example.com",
            "https://\u{430}.example.com", "https://a.example.com ", " https://a.example.com", "https://A.example.com",
            "https://a.example.co\u{6D}\u{301}", "https://aexample.com", "https:/a.example.com", "https://e.com",
            "https://\\evil.example\\.example.com", "https://[::1].example.com", "https://a\u{0}.example.com",
        ])
    func notMeant(origin: String) {
        #expect(!Self.wildcard.matches(origin))
    }

    @Test("scheme and port are part of it")
    func port() {
        let pattern = OriginPattern("http://*.localhost:3000")
        #expect(pattern.matches("http://a.localhost:3000"))
        for other in ["http://a.localhost", "http://a.localhost:30000", "https://a.localhost:3000", "http://a:3000"] {
            #expect(!pattern.matches(other))
        }
    }

    @Test("null is meant by null alone, compared byte by byte")
    func null() {
        #expect(OriginPattern("null").matches("null"))
        #expect(!OriginPattern("null").isWildcard)
        #expect(!OriginPattern("null").matches("nul"))
        // Equal as Unicode texts, but not the same bytes.
        #expect(!OriginPattern("https://caf\u{E9}").matches("https://cafe\u{301}"))
    }
}
