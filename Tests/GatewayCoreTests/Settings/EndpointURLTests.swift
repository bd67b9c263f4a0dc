import GatewayCore
import Testing

@Suite("Endpoint URLs")
struct EndpointURLTests {
    @Test(
        "a URL is read into its parts",
        arguments: [
            ("https://api.example.com/v1/token", .https, "api.example.com", 443, "/v1/token"),
            ("http://localhost", .http, "localhost", 80, "/"), ("ws://127.0.0.1:8080/", .ws, "127.0.0.1", 8080, "/"),
            ("wss://[::1]:9/s", .wss, "::1", 9, "/s"), ("WSS://[FE80::1]", .wss, "fe80::1", 443, "/"),
            ("HTTPS://API.Example.COM/A%20b", .https, "api.example.com", 443, "/A%20b"),
            ("http://a_b-c.d:65535/x//y/", .http, "a_b-c.d", 65535, "/x//y/"),
        ] as [(String, EndpointURL.Scheme, String, Int, String)])
    func read(text: String, scheme: EndpointURL.Scheme, host: String, port: Int, path: String) throws {
        let url = try #require(EndpointURL(text))
        #expect(url == EndpointURL(scheme: scheme, host: host, port: port, path: path))
        #expect(EndpointURL(url.description) == url)
    }

    @Test(
        "what is no URL, or could hide something, is refused",
        arguments: [
            "", "api.example.com", "//api.example.com/", "https:/a", "https://", "https:///x", "ftp://a/",
            "file:///etc",
            "https://user@a/", "https://user:pass@a/", "https://a/?key=1", "https://a?key=1", "https://a/#x",
            "https://a#x",
            "https://a:0/", "https://a:65536/", "https://a:/", "https://a:+1/", "https://a:１/", "https://a:080000/",
            "https://a b/", "https://a/ b", "https://a/\r\nX: y", "https://a\r\n/", "https://é.example/", "https://a/é",
            "https://::1/", "https://[::1/", "https://[::1]x/", "https://[::1]:/", "https://[127.0.0.1]/",
            "https://[fe80::1%25eth0]/", "https://a:1:2/", "https://a\\b/", " https://a/", "https://a/\u{7F}",
            "https://" + String(repeating: "a", count: 254),
        ])
    func refused(text: String) {
        #expect(EndpointURL(text) == nil)
    }

    @Test(
        "the authority has the port only when it is not the scheme's own, and brackets for IPv6",
        arguments: [
            ("https://a:443/x", "a", "https://a/x"), ("http://a:443", "a:443", "http://a:443/"),
            ("ws://[::1]:80/", "[::1]", "ws://[::1]/"), ("wss://[::1]:80/", "[::1]:80", "wss://[::1]:80/"),
        ])
    func authority(text: String, authority: String, description: String) throws {
        let url = try #require(EndpointURL(text))
        #expect(url.authority == authority)
        #expect(url.description == description)
    }

    @Test("https and wss are secure, http and ws are not")
    func secure() {
        #expect(EndpointURL.Scheme.https.isSecure && EndpointURL.Scheme.wss.isSecure)
        #expect(!EndpointURL.Scheme.http.isSecure && !EndpointURL.Scheme.ws.isSecure)
    }

    @Test("a socket endpoint prints as it stands in the configuration")
    func socketEndpoints() {
        #expect(SocketEndpoint.ip(host: "127.0.0.1", port: 8080).description == "127.0.0.1:8080")
        #expect(SocketEndpoint.ip(host: "::1", port: 0).description == "[::1]:0")
        #expect(SocketEndpoint.unix(path: "/run/a.sock").description == "unix:/run/a.sock")
    }
}
