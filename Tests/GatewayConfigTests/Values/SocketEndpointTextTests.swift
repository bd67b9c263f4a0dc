import GatewayCore
import Testing

@testable import GatewayConfig

@Suite("Addresses to bind")
struct SocketEndpointTextTests {
    @Test(
        "An IP address and a port are read",
        arguments: [
            ("127.0.0.1:8080", "127.0.0.1:8080"), ("0.0.0.0:0", "0.0.0.0:0"), ("[::]:8443", "[::]:8443"),
            ("[0::1]:65535", "[::1]:65535"),
        ])
    func reads(text: String, description: String) throws {
        #expect(try SocketEndpointText.parseIP(text).description == description)
    }

    @Test(
        "Everything else is refused",
        arguments: [
            ("localhost:8080", "127.0.0.1:8080"), (":8080", "0.0.0.0:8080"), ("*:80", "0.0.0.0:80"),
            ("127.0.0.1", "127.0.0.1:8080"), ("::1", nil), ("[::1]", nil), ("[127.0.0.1]:80", nil),
            ("127.0.0.1:65536", nil), ("127.0.0.1:http", nil), ("127.0.0.1:080", nil), ("unix:/run/x", nil),
            ("gateway.example.com:80", nil), ("", "0.0.0.0:8080"),
        ] as [(String, String?)])
    func refuses(text: String, suggestion: String?) {
        let error = #expect(throws: ValueError.self) { try SocketEndpointText.parseIP(text) }
        #expect(error?.suggestion == suggestion)
    }

    @Test("The admin surface stays on the machine")
    func admin() throws {
        #expect(try SocketEndpointText.parseAdmin("127.1.2.3:1") == .ip(host: "127.1.2.3", port: 1))
        #expect(try SocketEndpointText.parseAdmin("[::1]:1") == .ip(host: "::1", port: 1))
        #expect(try SocketEndpointText.parseAdmin("unix:/run/a.sock") == .unix(path: "/run/a.sock"))
        for text in ["0.0.0.0:1", "[::]:1", "192.168.0.1:1", "unix:run/a", "unix:", "unix:/run/", "/run/a.sock"] {
            #expect(throws: ValueError.self) { try SocketEndpointText.parseAdmin(text) }
        }
        let long = "unix:/" + String(repeating: "x", count: 107)
        #expect(throws: ValueError.self) { try SocketEndpointText.parseAdmin(long) }
        #expect(throws: Never.self) { try SocketEndpointText.parseAdmin(String(long.dropLast())) }
    }
}
