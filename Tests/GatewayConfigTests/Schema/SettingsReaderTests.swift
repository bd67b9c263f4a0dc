import GatewayCore
import Testing

@testable import GatewayConfig

@Suite("Reading settings")
struct SettingsReaderTests {
    @Test("Every setting arrives")
    func everySetting() throws {
        let settings = try Sample.read(everything)
        #expect(settings.sessions == sessions)
        #expect(settings.log == LogSettings(level: .warning, format: .json))
        #expect(
            settings.admin
                == AdminSettings(
                    address: .unix(path: "/run/a.sock"), socket: SocketAccess(mode: 0o660, group: "ops"),
                    token: .file(path: "/there/token")))
        #expect(settings.upstream == upstream)
        #expect(settings.listeners == listeners)
        #expect(settings.access == access)
    }

    private let everything = """
        listeners:
          - { name: a, address: "[::1]:1", hosts: [A.Example, 10.0.0.1], tls: { certificate: /there/c, key: /there/k,
              client_ca: /there/ca, client_certificates: optional } }
          - { name: b, address: "127.0.0.1:0", hosts: b.example,
              client_address: forwarded, trusted_proxies: [loopback, 10.0.0.7], plaintext_credentials: allow,
              demo_page: true }
        admin: { address: "unix:/run/a.sock", socket_mode: "0660", socket_group: ops, token: { file: /there/token } }
        upstream:
          token_url: http://127.0.0.1:9900/t
          stream_url: wss://s.example:8443/s
          api_key: { file: /there/key }
          ca_file: /there/ca
        access:
          - { name: web, match: { origin: ["HTTPS://App.example:443", "null"], address: [private, 8.0.0.0/8] } }
          - { name: local, match: { address: loopback, device: [kiosk-*, "?"], listener: b } }
          - { name: machines, match: { client_certificate: { dns: "*.Example", common_name: [Kiosk 1, x] } } }
          - { name: anyone, match: { client_certificate: any, listener: a } }
        sessions:
          max: 7
          start_timeout: 1s
          connect_timeout: 2s
          ready_timeout: 3s
          idle_timeout: 4s
          max_duration: 1h30m
          drain_lead: 11s
          drain_max: 0s
          drain_timeout: 6s
          ping_interval: 7s
          write_timeout: 8s
          close_timeout: 500ms
          missing_ready: proceed
          early_audio: { seconds: 10, bytes: 2MiB }
          max_audio_message: 1MiB
          max_text_message: 2048
          request_head_timeout: 11s
          ticket_lifetime: 12s
        log: { level: "warning", format: json }
        """

    private var sessions: SessionSettings {
        var sessions = SessionSettings()
        sessions.max = 7
        sessions.startTimeout = .seconds(1)
        sessions.connectTimeout = .seconds(2)
        sessions.readyTimeout = .seconds(3)
        sessions.idleTimeout = .seconds(4)
        sessions.maxDuration = .seconds(5400)
        sessions.drainLead = .seconds(11)
        sessions.drainMax = .zero
        sessions.drainTimeout = .seconds(6)
        sessions.pingInterval = .seconds(7)
        sessions.writeTimeout = .seconds(8)
        sessions.closeTimeout = .milliseconds(500)
        sessions.missingReady = .proceed
        sessions.earlyAudioSeconds = 10
        sessions.earlyAudioBytes = 2 << 20
        sessions.maxAudioMessageBytes = 1 << 20
        sessions.maxTextMessageBytes = 2048
        sessions.requestHeadTimeout = .seconds(11)
        sessions.ticketLifetime = .seconds(12)
        return sessions
    }

    private let upstream = UpstreamSettings(
        tokenURL: EndpointURL(scheme: .http, host: "127.0.0.1", port: 9900, path: "/t"),
        streamURL: EndpointURL(scheme: .wss, host: "s.example", port: 8443, path: "/s"),
        apiKeys: APIKeySettings(.file(path: "/there/key")), caFile: "/there/ca")

    private let listeners = [
        ListenerSettings(
            name: "a", address: .ip(host: "::1", port: 1),
            tls: TLSSettings(
                certificate: "/there/c", key: "/there/k", clientCA: "/there/ca", requiresClientCertificates: false),
            hosts: ["a.example", "10.0.0.1"]),
        ListenerSettings(
            name: "b", address: .ip(host: "127.0.0.1", port: 0), hosts: ["b.example"],
            clientAddress: .forwarded,
            trustedProxies: ["127.0.0.0/8", "::1", "10.0.0.7"].compactMap(AddressRange.init),
            allowsPlaintextCredentials: true, servesDemoPage: true),
    ]

    private let access = [
        AccessRule(
            name: "web", origins: ["https://app.example", "null"].map(OriginPattern.init),
            addresses: [.privateUse] + [AddressRange("8.0.0.0/8")].compactMap(\.self).map(AddressPattern.range)),
        AccessRule(
            name: "local", addresses: [.loopback], devices: [NameGlob("kiosk-*"), NameGlob("?")], listeners: ["b"]),
        AccessRule(
            name: "machines",
            certificate: CertificatePattern([
                .dns: [NameGlob("*.example")], .commonName: [NameGlob("Kiosk 1"), NameGlob("x")],
            ])),
        AccessRule(name: "anyone", certificate: CertificatePattern(), listeners: ["a"]),
    ]

    @Test("The admin surface can be switched off")
    func adminOff() throws {
        #expect(try Sample.read(Sample.minimal + "admin: off\n").admin == nil)
        #expect(try Sample.read(Sample.minimal).admin == AdminSettings())
    }

    @Test("Many problems are reported at once, in the order of the file")
    func manyProblems() {
        let text = """
            lisseners: []
            admin: { address: "0.0.0.0:9780" }
            upstream:
              token_url: http://api.example.com/t
              api_key: { credential: fennec-api-key }
              api_key: { credential: other }
            access:
              - { name: a, match: {} }
              - { nme: b, match: { address: 10.0.0.1/8 } }
            sessions: { max: yes, idle_timeout: 5, max_text_message: 64KB }
            log: { level: inf, format: auto, &x colour: *y }
            """
        #expect(
            Sample.lines(text) == [
                "1:1 lisseners: unknown key → listeners",
                "1:1 listeners: is required",
                "2:19 admin.address: the admin surface must not face the network",
                "4:14 upstream.token_url: without TLS the key and the tokens would travel in clear text",
                "6:3 upstream: the key stands here for a second time, the first is on line 5",
                "8:23 access[0].match: an empty match: give at least one of origin, address, device, "
                    + "jwt, client_certificate, listener",
                "9:5 access[1].name: is required",
                "9:7 access[1].nme: unknown key → name",
                "9:33 access[1].match.address: bits are set behind the prefix → 10.0.0.0/8",
                "10:18 sessions.max: expected a whole number from 1 to 1000000",
                "10:37 sessions.idle_timeout: expected a duration such as 500ms, 20s, 10m or 1h30m",
                "10:58 sessions.max_text_message: expected a size such as 65536, 64KiB or 1MiB → 64KiB",
                "11:15 log.level: expected one of trace, debug, info, notice, warning, error → info",
                "11:34 log: anchors are not supported",
                "11:34 log.colour: unknown key",
                "11:45 log.colour: aliases are not supported",
            ])
    }

    @Test("A syntax error stands alone")
    func syntaxErrorAlone() {
        #expect(
            Sample.lines("nonsense: 1\nlisteners: [\n") == [
                "3:1 did not find expected node content, while parsing a flow node that begins on line 3"
            ])
    }
}
