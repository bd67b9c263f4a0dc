import GatewayCore
import Testing

@testable import GatewayConfig

@Suite("Limits, budgets and what rules give")
struct LimitsSectionTests {
    private static let text =
        Sample.listeners + Sample.upstream + """
            access:
              - { name: local, match: { address: loopback }, limits: tight, client: desk }
              - { name: backend, match: { device: backend }, tickets: { on_behalf: true } }
            limits:
              tight:
                concurrent_streams: 9
                per_client: { concurrent_streams: 2, connects_per_minute: 20, connect_burst: 5,
                  audio_seconds_per_day: 100, audio_seconds_per_month: 1000, warn_at_percent: 50 }
                per_address: { concurrent_streams: 4 }
                session: { max_duration: 1h, idle: 60s, no_speech: 2m, max_realtime_factor: 1.5, realtime_burst: 3s,
                  realtime_patience: 4s, max_audio_message: 2KiB }
              loose: {}
            budget: { audio_seconds_per_day: 500 }
            state_directory: /var/lib/fennec-gateway

            """

    @Test("Every setting arrives")
    func everySetting() throws {
        let settings = try Sample.read(Self.text)
        var tight = LimitSet()
        tight.concurrentStreams = 9
        tight.concurrentPerClient = 2
        tight.concurrentPerAddress = 4
        tight.connects = TokenBucket.Rate(perMinute: 20, burst: 5)
        tight.budget.perDay = 100
        tight.budget.perMonth = 1000
        tight.budget.warnAt = 0.5
        tight.session.maxDuration = .seconds(3600)
        tight.session.idle = .seconds(60)
        tight.session.noSpeech = .seconds(120)
        tight.session.pace = PaceMeter.Pace(factor: 1.5, burst: .seconds(3), patience: .seconds(4))
        tight.session.maxAudioMessageBytes = 2048
        #expect(settings.limits == ["tight": tight, "loose": LimitSet()])
        #expect(settings.budget.perDay == 500 && settings.budget.perMonth == nil)
        #expect(settings.stateDirectory == "/var/lib/fennec-gateway")
        #expect(settings.access.map(\.limits) == ["tight", nil])
        #expect(settings.access.map(\.clientLabel) == ["desk", nil])
        #expect(settings.access.map(\.actsOnBehalf) == [false, true])
    }

    @Test(
        "What is wrong is named",
        arguments: [
            Refusal("limits: [a]\n", "1:9 limits: expected a mapping from names to limits, found a list"),
            Refusal(
                "limits: { a: { concurent_streams: 1 } }\n",
                "1:16 limits.a.concurent_streams: unknown key → concurrent_streams"),
            Refusal(
                "limits: { a: { per_client: { connect_burst: 1, warn_at_percent: 5 } } }\n",
                "1:45 limits.a.per_client.connect_burst: needs connects_per_minute beside it",
                "1:65 limits.a.per_client.warn_at_percent: needs audio_seconds_per_day or audio_seconds_per_month "
                    + "beside it"),
            Refusal(
                "limits: { a: { session: { realtime_burst: 1s } } }\n",
                "1:43 limits.a.session.realtime_burst: needs max_realtime_factor beside it"),
            Refusal(
                "limits: { a: { session: { max_realtime_factor: 0.5 } } }\n",
                "1:48 limits.a.session.max_realtime_factor: expected a number from 1 to 100, such as 2 or 1.5"),
            Refusal(
                "budget: { audio_seconds_per_day: 0 }\n",
                "1:34 budget.audio_seconds_per_day: expected a whole number from 1 to 1000000000"),
            Refusal("state_directory: var\n", "1:18 state_directory: expected an absolute path"),
        ])
    func problems(row: Refusal) {
        #expect(Sample.lines(row.text + Sample.minimal) == row.lines)
    }

    @Test(
        "What a rule gives must be there",
        arguments: [
            Refusal(
                "access: [{ name: a, match: { address: loopback }, limits: tigt }]\nlimits: { tight: {} }\n",
                "1:59 access[0].limits: no limits have this name → tight"),
            Refusal(
                "access: [{ name: a, match: { address: loopback }, tickets: { on_behalf: true } }]\n",
                "1:73 access[0].tickets.on_behalf: is for devices alone"),
        ])
    func gifts(row: Refusal) {
        #expect(Sample.lines(row.text + Sample.listeners + Sample.upstream) == row.lines)
    }

    @Test("An origin alone, within others' reach and without a budget, is warned of")
    func openRules() throws {
        func warnings(_ address: String, match: String = "", rule: String = "") throws -> [String] {
            let text = """
                listeners: [{ name: public, address: "\(address):8080" }]
                access: [{ name: web, match: { origin: "https://a.example"\(match) }\(rule) }]
                limits: { a: { per_client: { audio_seconds_per_day: 1 } } }

                """
            return try Sample.load(text + Sample.upstream).warnings.map(\.message)
        }
        let warning = "any program that sends this origin is let in, without a budget"
        #expect(try warnings("0.0.0.0") == [warning])
        #expect(try warnings("127.0.0.1").isEmpty)
        #expect(try warnings("0.0.0.0", match: ", address: private").isEmpty)
        #expect(try warnings("0.0.0.0", rule: ", limits: a").isEmpty)
    }
}
