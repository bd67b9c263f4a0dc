import GatewayCore
import Testing

@testable import GatewayServer

@Suite("Settings in force")
struct ActiveSettingsTests {
    static func settings(hosts: [String] = [], policies: [String] = ["default"]) -> GatewaySettings {
        let url = EndpointURL(scheme: .wss, host: "speech.example")
        return GatewaySettings(
            listeners: [ListenerSettings(name: "public", address: .ip(host: "127.0.0.1", port: 0), hosts: hosts)],
            upstream: UpstreamSettings(
                tokenURL: url, streamURL: url, apiKeys: APIKeySettings(.credential(name: "key"))),
            access: [AccessRule(name: "local", addresses: [.loopback], policies: policies)],
            policies: Dictionary(uniqueKeysWithValues: policies.map { ($0, Policy(name: $0, onViolation: .reject)) }))
    }

    private func request(host: String) -> AccessRequest {
        AccessRequest(
            host: host, origins: [], client: ClientAddress(IPAddress("127.0.0.1")), local: IPAddress("127.0.0.1"))
    }

    @Test("each listener answers to its own names, one that is no longer configured to none")
    func hosts() {
        let active = ActiveSettings(Self.settings(hosts: ["gateway.example"]))
        let rule = active.settings.access[0]
        #expect(active.access(on: "public").decide(request(host: "gateway.example")) == .admitted(rule: rule))
        #expect(active.access(on: "gone").decide(request(host: "gateway.example")) == .refused(.hostRefused))
        #expect(active.access(on: "gone").decide(request(host: "127.0.0.1")) == .admitted(rule: rule))
    }

    @Test("a policy is found by its name")
    func policies() {
        let active = ActiveSettings(Self.settings(policies: ["noisy"]))
        #expect(active.policy(named: "noisy").onViolation == .reject)
        #expect(active.policy(named: "gone") == Policy(name: "gone"))
    }

    @Test("who took the settings before they were replaced keeps what it took")
    func replaced() {
        let store = SettingsStore(Self.settings(policies: ["one"]))
        let before = store.current
        store.replace(with: Self.settings(policies: ["two"]))
        #expect(before.settings.access[0].policies == ["one"])
        #expect(store.current.settings.access[0].policies == ["two"])
    }
}
