import GatewayCore
import Testing

@Suite("What needs a restart")
struct GatewaySettingsRestartTests {
    private static let started = GatewaySettings(
        listeners: [
            ListenerSettings(name: "public", address: .ip(host: "127.0.0.1", port: 8080)),
            ListenerSettings(name: "lan", address: .ip(host: "10.0.0.1", port: 8080)),
        ],
        upstream: UpstreamSettings(
            tokenURL: EndpointURL(scheme: .https, host: "speech.example"),
            streamURL: EndpointURL(scheme: .wss, host: "speech.example"),
            apiKeys: APIKeySettings(.credential(name: "key"))),
        access: [AccessRule(name: "local", addresses: [.loopback])])

    private func names(_ change: (inout GatewaySettings) -> Void) -> [String] {
        var settings = Self.started
        change(&settings)
        return settings.needingRestart(since: Self.started)
    }

    @Test("nothing, when nothing has changed")
    func same() {
        #expect(names { _ in } == [])
    }

    @Test("nothing of what requests, sessions and connections to come may take up")
    func live() {
        let live = names { settings in
            settings.access = [AccessRule(name: "web", origins: [])]
            settings.policies = [:]
            settings.sessions.max = 1
            settings.sessions.idleTimeout = .seconds(1)
            settings.sessions.requestHeadTimeout = .seconds(1)
            settings.listeners[0].hosts = ["gateway.example"]
            settings.listeners[0].tls = TLSSettings(certificate: "/c", key: "/k")
            settings.listeners.swapAt(0, 1)
            settings.upstream.apiKeys = APIKeySettings(.file(path: "/key"))
            settings.log.level = .debug
        }
        #expect(live == [])
    }

    @Test("addresses, and listeners that come and go")
    func listeners() {
        #expect(names { $0.listeners[1].address = .unix(path: "/s") } == ["listeners.lan.address"])
        #expect(
            names { $0.listeners[0].name = "web" }
                == ["listeners.web (new)", "listeners.public (still open, under the new access rules)"])
        #expect(names { $0.admin = nil } == ["admin"])
        #expect(names { $0.admin = AdminSettings(address: .unix(path: "/s")) } == ["admin"])
    }

    @Test("where the service is, what is trusted there, and the form of the log")
    func others() {
        let names = names { settings in
            settings.upstream.tokenURL = EndpointURL(scheme: .https, host: "other.example")
            settings.upstream.streamURL = EndpointURL(scheme: .wss, host: "other.example")
            settings.upstream.caFile = "/ca.pem"
            settings.upstream.proxy = .direct
            settings.upstream.tokenPool.ceiling = 7
            settings.upstream.earlyConnections = 7
            settings.sessions.connectTimeout = .seconds(1)
            settings.log.format = .json
        }
        #expect(
            names == [
                "upstream.token_url", "upstream.stream_url", "upstream.ca_file", "upstream.proxy",
                "upstream.token_pool", "upstream.early_connections",
                "sessions.connect_timeout (to the token endpoint)", "log.format",
            ])
    }
}
