import Testing

@testable import GatewayConfig

@Suite("Host names")
struct HostTextTests {
    @Test(
        "Names and addresses are read",
        arguments: [
            ("Gateway.Example.com", "gateway.example.com"), ("kiosk_1", "kiosk_1"), ("10.0.0.1", "10.0.0.1"),
            ("[0::1]", "::1"), ("::1", "::1"),
        ])
    func reads(text: String, host: String) throws {
        #expect(try HostText.parseName(text) == host)
    }

    @Test(
        "Everything else is refused",
        arguments: [
            ("a.example:8080", "a.example"), ("*.example.com", nil), ("-a.example", nil), ("a..b", nil), ("", nil),
            ("https://a.example", nil), ("a.example.", nil), ("1.2.3", nil), ("[::1", nil),
        ] as [(String, String?)])
    func refuses(text: String, suggestion: String?) {
        let error = #expect(throws: ValueError.self) { try HostText.parseName(text) }
        #expect(error?.suggestion == suggestion)
    }
}
