import GatewayCore
import Testing

@testable import GatewayConfig

@Suite("Origins")
struct OriginTextTests {
    @Test(
        "Origins take the form in which browsers send them",
        arguments: [
            ("https://app.example.com", "https://app.example.com"),
            ("HTTPS://App.Example.COM", "https://app.example.com"),
            ("https://a.example:443", "https://a.example"), ("http://a.example:80", "http://a.example"),
            ("http://a.example:443", "http://a.example:443"), ("http://localhost:3000", "http://localhost:3000"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("http://[::1]:80", "http://[::1]"),
            ("http://[0:0::1]:81", "http://[::1]:81"),
            ("chrome-extension://abcdefghijklmnop", "chrome-extension://abcdefghijklmnop"),
        ])
    func normalises(text: String, origin: String) throws {
        #expect(try OriginText.parse(text) == origin)
    }

    @Test(
        "A wildcard is the whole first label below a domain",
        arguments: [
            ("https://*.example.com", "https://*.example.com"), ("HTTPS://*.Example.com:443", "https://*.example.com"),
            ("http://*.localhost:3000", "http://*.localhost:3000"), ("https://*.a.b.example", "https://*.a.b.example"),
            ("https://app.example.com", "https://app.example.com"),
        ])
    func wildcards(text: String, pattern: String) throws {
        #expect(try OriginText.parsePattern(text).description == pattern)
        #expect(try OriginText.parsePattern(text).isWildcard == text.contains("*"))
    }

    @Test(
        "Other wildcards are refused",
        arguments: [
            "*", "https://*", "https://*.com", "https://*.example", "https://a*.example.com", "https://*a.example.com",
            "https://*.*.example.com", "https://a.*.example.com", "*.example.com", "*://a.example.com",
            "https://*.1.2.3.4", "https://*.example.com/", "https://*.example.com:*", "https://*.[::1]",
            "https://*..example.com", "https://*.example.com:0", "https://u@*.example.com",
        ])
    func otherWildcards(text: String) {
        let error = #expect(throws: ValueError.self) { try OriginText.parsePattern(text) }
        #expect(error?.message == "a wildcard stands for one label below a domain, such as https://*.example.com")
    }

    @Test(
        "What is no origin is refused",
        arguments: [
            ("https://a.example/", "an origin has no path", "https://a.example"),
            ("https://A.example/x?y", "an origin has no path", "https://a.example"),
            ("app.example.com", "expected an origin such as https://app.example.com", "https://app.example.com"),
            ("https://", "expected an origin such as https://app.example.com", nil),
            ("https://a b", "expected an origin such as https://app.example.com", nil),
            ("https://a:0", "the port must be from 1 to 65535", nil),
            ("https://a:x", "the port must be from 1 to 65535", nil),
            ("https://a:", "the port must be from 1 to 65535", nil),
            ("https://user@a.example", "an origin has no user name", nil),
            ("https://[::1", "expected an origin such as https://app.example.com", nil),
            ("https://[::ffff:1.2.3.4]", "not an IPv6 address in brackets", nil),
            ("https://bücher.example", "write the host in its ASCII form, which begins with xn--", nil),
            ("https://127.1", "expected an origin such as https://app.example.com", nil),
        ] as [(String, String, String?)])
    func refuses(text: String, message: String, suggestion: String?) {
        let error = #expect(throws: ValueError.self) { try OriginText.parse(text) }
        #expect(error?.message == message)
        #expect(error?.suggestion == suggestion)
    }
}
