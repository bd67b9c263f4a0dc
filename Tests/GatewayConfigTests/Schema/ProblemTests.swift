import Testing

@testable import GatewayConfig

@Suite("Problems of each kind")
struct ProblemTests {
    @Test(
        "Structure",
        arguments: [
            Refusal(
                "", "1:1 listeners: is required", "1:1 upstream: is required", "1:1 access: is required"),
            Refusal(
                "- a\n",
                "1:1 expected a mapping with listeners, admin, upstream, jwt, access, policies, limits, budget, state_directory, "
                    + "sessions, usage, log, found a list"),
            Refusal(
                "just text",
                "1:1 expected a mapping with listeners, admin, upstream, jwt, access, policies, limits, budget, state_directory, "
                    + "sessions, usage, log, found a plain word"
            ),
            Refusal("%YAML 1.1\n---\n" + Sample.minimal, "1:1 directives are not supported"),
            Refusal(Sample.minimal + "---\na: b\n", "4:1 a second document begins here; only one is read"),
            Refusal(Sample.minimal + "? [a]\n: 1\n", "4:3 a key must be a plain or quoted word"),
            Refusal(Sample.minimal + "log: !!map {}\n", "4:6 log: tags are not supported"),
            Refusal(Sample.minimal + "log: &l {}\n", "4:6 log: anchors are not supported"),
            Refusal(Sample.minimal + "log: { level: *l }\n", "4:15 log.level: aliases are not supported"),
            Refusal(Sample.minimal + "<<: {}\n", "4:1 <<: unknown key"),
            Refusal(
                Sample.minimal + "log: {}\nlog: {}\n",
                "5:1 the key stands here for a second time, the first is on line 4"),
            Refusal(Sample.minimal + "log:\n", "4:5 log: expected a mapping with level, format, found nothing"),
        ])
    func structure(row: Refusal) {
        #expect(Sample.lines(row.text) == row.lines)
    }

    @Test(
        "Listeners",
        arguments: [
            Refusal("listeners: []\n", "1:12 listeners: must not be empty"),
            Refusal("listeners: off\n", "1:12 listeners: expected a list of listeners, found a plain word"),
            Refusal(
                "listeners: [{}]\n", "1:13 listeners[0].name: is required", "1:13 listeners[0].address: is required"),
            Refusal(
                "listeners:\n  - name: a b\n    address: localhost:80\n    adress: x\n",
                "2:11 listeners[0].name: expected a name of 1 to 64 letters, digits, dots, dashes and underscores",
                "3:14 listeners[0].address: expected an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080"
                    + " → 127.0.0.1:80",
                "4:5 listeners[0].adress: unknown key → address"),
            Refusal(
                "listeners:\n  - { name: a, address: \"1.1.1.1:80\" }\n  - { name: a, address: \"1.1.1.1:80\" }\n",
                "3:13 listeners[1].name: repeats listeners[0].name of line 2",
                "3:25 listeners[1].address: repeats listeners[0].address of line 2"),
            Refusal(
                "listeners:\n  - { name: a, address: \"1.1.1.1:80\", tls: { certificate: /gone, key: /there } }\n",
                "2:59 listeners[0].tls.certificate: there is no such file",
                "2:71 listeners[0].tls.key: expected a file, found a directory"),
            Refusal(
                "listeners:\n  - name: a\n    address: \"1.1.1.1:80\"\n    tls: { certificate: c }\n",
                "4:10 listeners[0].tls.key: is required",
                "4:25 listeners[0].tls.certificate: expected an absolute path"),
            Refusal(
                "listeners:\n  - name: a\n    address: \"1.1.1.1:80\"\n"
                    + "    tls: { certificate: /there/c, key: /there/k, client_certificates: optional, client_ca: /gone }\n",
                "4:92 listeners[0].tls.client_ca: there is no such file"),
            Refusal(
                "listeners:\n  - name: a\n    address: \"1.1.1.1:80\"\n"
                    + "    tls: { certificate: /there/c, key: /there/k, client_certificates: asked }\n",
                "4:71 listeners[0].tls.client_certificates: expected one of required, optional",
                "4:71 listeners[0].tls.client_certificates: needs client_ca beside it: the PEM file of those who issue "
                    + "them"),
            Refusal(
                "listeners:\n  - { name: a, address: \"1.1.1.1:80\", hosts: [a.b, \"*.c\", A.B, \"d:1\", []] }\n",
                "2:52 listeners[0].hosts[1]: wildcards are not supported",
                "2:59 listeners[0].hosts[2]: repeats listeners[0].hosts[0] of line 2",
                "2:64 listeners[0].hosts[3]: a host without a port is expected → d",
                "2:71 listeners[0].hosts[4]: expected a text, found a list"),
            Refusal(
                "listeners:\n  - { name: a, address: \"1.1.1.1:80\", client_address: proxied }\n",
                "2:55 listeners[0].client_address: expected one of peer, x-forwarded-for, forwarded, proxy"),
            Refusal(
                "listeners:\n  - { name: a, address: \"1.1.1.1:80\", client_address: forwarded }\n",
                "2:55 listeners[0].client_address: needs trusted_proxies: the proxies that are believed"),
            Refusal(
                "listeners:\n  - { name: a, address: \"1.1.1.1:80\", trusted_proxies: [private] }\n",
                "2:56 listeners[0].trusted_proxies: is for listeners behind proxies",
                "2:57 listeners[0].trusted_proxies[0]: expected loopback, or the addresses of the proxies such as "
                    + "10.0.0.7 or 10.0.0.0/29"),
        ])
    func listeners(row: Refusal) {
        #expect(Sample.lines(row.text + Sample.upstream + Sample.access) == row.lines)
    }

    @Test(
        "The admin surface",
        arguments: [
            Refusal("admin: on\n", "1:8 admin: expected a mapping with address, or off, found a plain word"),
            Refusal("admin: {}\n", "1:8 admin.address: is required"),
            Refusal(
                "admin: { address: \"10.0.0.1:1\" }\n",
                "1:19 admin.address: the admin surface must not face the network"),
            Refusal(
                "admin: { address: \"127.0.0.1:8080\" }\n",
                "1:8 admin: the admin surface and listener public share 127.0.0.1:8080"),
            Refusal(
                "admin: { address: \"127.0.0.1:1\", socket_mode: \"0660\", socket_group: ops }\n",
                "1:47 admin.socket_mode: is for unix sockets", "1:69 admin.socket_group: is for unix sockets"),
            Refusal(
                "admin: { address: \"unix:/run/a\", socket_mode: \"rw\" }\n",
                "1:47 admin.socket_mode: expected permission bits such as 0660"),
            Refusal(
                "admin: { address: \"127.0.0.1:1\", token: t0p-s3cret-t0ken }\n",
                "1:41 admin.token: a literal key is refused"),
            Refusal(
                "admin: { address: \"127.0.0.1:1\", token: { file: /nowhere/token } }\n",
                "1:49 admin.token.file: there is no such file"),
        ])
    func admin(row: Refusal) {
        #expect(Sample.lines(row.text + Sample.minimal) == row.lines)
    }

    @Test("A listener may not take the admin surface's default address, unless there is none")
    func adminDefault() {
        let text = "listeners: [{ name: a, address: \"127.0.0.1:9780\" }]\n" + Sample.upstream + Sample.access
        #expect(
            Sample.lines(text) == ["1:12 listeners: the admin surface and listener a share 127.0.0.1:9780"])
        #expect(Sample.lines(text + "admin: off\n") == [])
    }

    @Test(
        "The upstream",
        arguments: [
            Refusal("upstream: {}\n", "1:11 upstream.api_key: is required"),
            Refusal(
                "upstream: { api_key: { credential: k }, ca_file: /gone }\n",
                "1:50 upstream.ca_file: there is no such file"),
            Refusal(
                "upstream: { api_key: { credential: k }, token_url: wss://a/ }\n",
                "1:52 upstream.token_url: the scheme must be https → https://a/"),
            Refusal(
                "upstream: { api_key: { credential: k }, stream_url: ws://a/ }\n",
                "1:53 upstream.stream_url: without TLS the key and the tokens would travel in clear text"),
            Refusal("upstream: { api_key: {} }\n", "1:22 upstream.api_key: expected either credential or file"),
            Refusal(
                "upstream: { api_key: { file: /k, credential: k } }\n",
                "1:22 upstream.api_key: expected either credential or file"),
            Refusal("upstream: { api_key: { file: k } }\n", "1:30 upstream.api_key.file: expected an absolute path"),
            Refusal(
                "upstream: { api_key: { credential: ../k } }\n",
                "1:36 upstream.api_key.credential: expected the name of a systemd credential, such as fennec-api-key"),
        ])
    func upstream(row: Refusal) {
        #expect(Sample.lines(row.text + Sample.listeners + Sample.access) == row.lines)
    }

    @Test(
        "Access",
        arguments: [
            Refusal(
                "access: [{ name: a, match: { client_certificate: any } }]\n",
                "1:50 access[0].match.client_certificate: no listener of this rule asks for certificates"),
            Refusal("access: []\n", "1:9 access: must not be empty"),
            Refusal("access: [{ name: a }]\n", "1:10 access[0].match: is required"),
            Refusal(
                "access: [{ name: a, match: { orgin: x } }]\n", "1:30 access[0].match.orgin: unknown key → origin"),
            Refusal(
                "access: [{ name: a, match: { origin: [] } }]\n", "1:38 access[0].match.origin: must not be empty"),
            Refusal(
                "access: [{ name: a, match: { origin: null } }]\n",
                "1:38 access[0].match.origin: quote it to admit the opaque origin"),
            Refusal(
                "access: [{ name: a, match: { origin: [\"https://a/\", \"https://*.a\"] } }]\n",
                "1:39 access[0].match.origin[0]: an origin has no path → https://a",
                "1:53 access[0].match.origin[1]: a wildcard stands for one label below a domain, such as https://*.example.com"
            ),
            Refusal(
                "access: [{ name: a, match: { origin: [\"https://a\", \"https://A:443\"] } }]\n",
                "1:52 access[0].match.origin[1]: repeats access[0].match.origin[0] of line 1"),
            Refusal(
                "access: [{ name: a, match: { address: [locback, 10.0.0.0/33, 1.2.3.4] } }]\n",
                "1:40 access[0].match.address[0]: expected loopback, private, or a range such as 10.0.0.0/8 → loopback",
                "1:49 access[0].match.address[1]: expected loopback, private, or a range such as 10.0.0.0/8"),
            Refusal(
                "access: [{ name: a, match: { device: [\"a b\"], listener: [public, pubic] } }]\n",
                "1:39 access[0].match.device[0]: expected a name, or a pattern such as kiosk-*",
                "1:66 access[0].match.listener[1]: no listener has this name → public"),
            Refusal(
                "access:\n  - { name: a, match: { address: private } }\n  - { name: a, match: { address: 10.1.0.0/16 } }\n",
                "3:5 access[1]: can never match: access[0] of line 2 matches all of it",
                "3:13 access[1].name: repeats access[0].name of line 2"),
        ])
    func access(row: Refusal) {
        #expect(Sample.lines(row.text + Sample.listeners + Sample.upstream) == row.lines)
    }

    @Test(
        "Sessions and log",
        arguments: [
            Refusal("sessions: { max: 0 }\n", "1:18 sessions.max: expected a whole number from 1 to 1000000"),
            Refusal(
                "sessions: { max: \"7\" }\n",
                "1:18 sessions.max: expected a whole number from 1 to 1000000, found a quoted text"),
            Refusal("sessions: { max: 010 }\n", "1:18 sessions.max: expected a whole number from 1 to 1000000"),
            Refusal("sessions: { start_timeout: 0s }\n", "1:28 sessions.start_timeout: must be from 1ms to 1h"),
            Refusal("sessions: { max_duration: 169h }\n", "1:27 sessions.max_duration: must be from 1ms to 7d"),
            Refusal("sessions: { close_timeout: [] }\n", "1:28 sessions.close_timeout: expected a text, found a list"),
            Refusal(
                "sessions: { max_audio_message: 1 }\n", "1:32 sessions.max_audio_message: must be from 1KiB to 64MiB"),
            Refusal(
                "sessions: { early_audio: { bytes: 1GiB, second: 1 } }\n",
                "1:35 sessions.early_audio.bytes: must be from 1KiB to 64MiB",
                "1:41 sessions.early_audio.second: unknown key → seconds"),
            Refusal(
                "usage: { ledger: usage.sqlite, retention: 1h }\n", "1:18 usage.ledger: expected an absolute path",
                "1:43 usage.retention: must be from 1d to 36500d"),
            Refusal(
                "usage: { ledger: /l, jsonl: /l, address: half, on_failure: stop }\n",
                "1:29 usage.jsonl: is the ledger's own path: the two are different files",
                "1:42 usage.address: expected one of full, truncated, hashed, none",
                "1:60 usage.on_failure: expected one of serve, unready"),
            Refusal(
                "usage: { price_per_minute: -1 }\n",
                "1:28 usage.price_per_minute: expected a price such as 0.0043, of 0 or more"),
            Refusal(
                "usage: { price_per_minute: 1e3 }\n",
                "1:28 usage.price_per_minute: expected a price such as 0.0043, of 0 or more"),
            Refusal(
                "sessions: { missing_ready: true }\n", "1:28 sessions.missing_ready: expected one of fail, proceed"),
            Refusal(
                "log: { level: , format: yaml }\n", "1:15 log.level: expected a text, found nothing",
                "1:25 log.format: expected one of auto, text, json, journald"),
        ])
    func sessionsAndLog(row: Refusal) {
        #expect(Sample.lines(row.text + Sample.minimal) == row.lines)
    }

    @Test(
        "What rules want of certificates",
        arguments: [
            Refusal(
                "yes",
                "1:50 access[0].match.client_certificate: expected any, or a mapping with dns, uri, email, common_name, found a plain word"
            ),
            Refusal(
                "{}",
                "1:50 access[0].match.client_certificate: expected at least one of dns, uri, email, common_name, or the word any"
            ),
            Refusal("{ cn: a }", "1:52 access[0].match.client_certificate.cn: unknown key"),
            Refusal("{ dns: [] }", "1:57 access[0].match.client_certificate.dns: must not be empty"),
            Refusal(
                "{ dns: [a, a] }",
                "1:61 access[0].match.client_certificate.dns[1]: repeats access[0].match.client_certificate.dns[0] of line 1"
            ),
            Refusal(
                "{ uri: \"a\\tb\" }",
                "1:57 access[0].match.client_certificate.uri: expected a name of 1 to 255 bytes, or a pattern such as *.devices.example.com"
            ),
            Refusal(
                "any, listener: other",
                "1:50 access[0].match.client_certificate: no listener of this rule asks for certificates"),
            Refusal(
                "any } }, { name: b, match: { client_certificate: { dns: x }",
                "1:59 access[1]: can never match: access[0] of line 1 matches all of it"),
        ])
    func certificates(row: Refusal) {
        let listeners = """
            listeners:
              - name: public
                address: "127.0.0.1:8443"
                tls: { certificate: /there/c, key: /there/k, client_ca: /there/ca }
              - { name: other, address: "127.0.0.1:8080" }

            """
        let access = "access: [{ name: a, match: { client_certificate: \(row.text) } }]\n"
        #expect(Sample.lines(access + listeners + Sample.upstream) == row.lines)
    }
}
