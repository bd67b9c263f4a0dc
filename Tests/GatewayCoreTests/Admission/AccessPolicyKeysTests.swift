import GatewayCore
import Testing

/// Rules that look at more than origin and address, and tickets that were issued under them.
@Suite("Access policy: devices, listeners, tickets")
struct AccessPolicyKeysTests {
    private static let app = "https://app.example.com"

    private static let policy = AccessPolicy(
        rules: [
            AccessRule(name: "kiosks", devices: [NameGlob("kiosk-*"), NameGlob("hall")]),
            AccessRule(name: "page", origins: [OriginPattern(app)], devices: [NameGlob("tablet")]),
            AccessRule(name: "pages", origins: [OriginPattern("https://*.example.org")]),
            AccessRule(name: "inner", addresses: [.privateUse], listeners: ["lan"]),
        ], hosts: [])

    private static func request(
        _ listener: String = "public", origin: String? = nil, from address: String = "192.0.2.1", device: String? = nil
    ) -> AccessRequest {
        AccessRequest(
            listener: listener, host: "localhost", origins: origin.map { [$0] } ?? [],
            client: ClientAddress(IPAddress(address)), local: nil, device: device)
    }

    private static func text(_ decision: AccessPolicy.Decision) -> String {
        switch decision {
        case .admitted(let rule): rule.name
        case .refused(let refusal): refusal.rawValue
        }
    }

    @Test(
        "all keys must hold",
        arguments: [
            (request(device: "kiosk-1"), "kiosks"), (request(device: "hall"), "kiosks"),
            (request(device: "tablet"), "address_refused"), (request(), "credential_required"),
            (request(origin: app, device: "tablet"), "page"), (request(origin: app), "credential_required"),
            (request(origin: app, device: "kiosk-1"), "address_refused"),
            (request(origin: "https://a.example.org"), "pages"),
            (request(origin: "https://a.example.org", device: "kiosk-1"), "pages"),
            (request(origin: "https://a.b.example.org", device: "kiosk-1"), "origin_refused"),
            (request("lan", from: "10.0.0.1"), "inner"), (request("lan", from: "10.0.0.1", device: "tablet"), "inner"),
            (request("public", from: "10.0.0.1"), "credential_required"),
        ])
    func keys(request: AccessRequest, outcome: String) {
        #expect(Self.text(Self.policy.decide(request)) == outcome)
    }

    @Test(
        "a ticket needs its rule, with all of it but the credential",
        arguments: [
            (request(), "kiosks", nil, "kiosks"), (request(origin: app), "kiosks", app, "kiosks"),
            (request(origin: app), "kiosks", nil, "origin_refused"), (request(), "kiosks", app, "origin_refused"),
            (request(origin: "https://evil.example"), "kiosks", app, "origin_refused"),
            (request(origin: app), "page", app, "page"), (request(origin: app), "pages", app, "origin_refused"),
            (request(), "pages", nil, "origin_refused"),
            (request(), "gone", nil, "credential_invalid"), (request("lan", from: "10.0.0.1"), "inner", nil, "inner"),
            (request("lan"), "inner", nil, "address_refused"),
            (request("public", from: "10.0.0.1"), "inner", nil, "address_refused"),
        ] as [(AccessRequest, String, String?, String)])
    func tickets(request: AccessRequest, rule: String, origin: String?, outcome: String) {
        #expect(Self.text(Self.policy.decide(request, ticketRule: rule, origin: origin)) == outcome)
    }

    @Test("host and form are looked at with a ticket too")
    func form() {
        var request = Self.request()
        request.host = "rebind.example"
        #expect(Self.text(Self.policy.decide(request, ticketRule: "kiosks", origin: nil)) == "host_refused")
        request = Self.request(origin: Self.app)
        request.origins.append(Self.app)
        #expect(Self.text(Self.policy.decide(request, ticketRule: "kiosks", origin: Self.app)) == "bad_request")
    }

    @Test("a page below a wildcard may ask before it sends")
    func mentions() {
        #expect(Self.policy.mentions(origin: "https://a.example.org"))
        #expect(!Self.policy.mentions(origin: "https://example.org"))
    }
}
