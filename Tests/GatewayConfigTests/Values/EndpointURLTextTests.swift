import GatewayCore
import Testing

@testable import GatewayConfig

@Suite("URLs of the vendor")
struct EndpointURLTextTests {
    private func parse(_ text: String) throws(ValueError) -> EndpointURL {
        try EndpointURLText.parse(text, plain: .ws, secure: .wss)
    }

    @Test(
        "TLS anywhere and plain text on this machine are allowed",
        arguments: [
            "wss://api.example.com/x", "wss://10.0.0.1:8443/", "ws://127.0.0.1:9900/x", "ws://localhost:9900/",
            "ws://[::1]:9900/",
        ])
    func allows(text: String) throws {
        #expect(try parse(text).description == text)
    }

    @Test(
        "Everything else is refused",
        arguments: [
            ("ws://api.example.com/x", nil), ("ws://192.168.0.1/", nil), ("ws://localhost.example.com/", nil),
            ("https://api.example.com/x", "wss://api.example.com/x"), ("http://127.0.0.1:1/x", "ws://127.0.0.1:1/x"),
            ("http://api.example.com/x", nil), ("https://a:8443/", "wss://a:8443/"), ("api.example.com", nil),
            ("ftp://a/", nil), ("wss://", nil),
        ] as [(String, String?)])
    func refuses(text: String, suggestion: String?) {
        let error = #expect(throws: ValueError.self) { try parse(text) }
        #expect(error?.suggestion == suggestion)
        #expect(error?.isSecret == false)
    }

    @Test("A URL that may carry a secret is not shown", arguments: ["wss://u:p@a/", "wss://a/?token=x", "wss://a/#x"])
    func hides(text: String) {
        #expect(throws: ValueError("the URL must have no user name, query or fragment", isSecret: true)) {
            try parse(text)
        }
    }
}
