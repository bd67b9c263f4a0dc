import GatewayCore
import Testing

@testable import GatewayTelemetry

@Suite("The gateway's metrics")
struct GatewayMetricsTests {
    private let metrics = GatewayMetrics(
        version: "1.2.3", rules: ["web", "kiosks"], mintOutcomes: ["ok", "tls"], startedAt: 1_700_000_000)

    private func record(endedBy: Side, code: UInt16?, reason: String) -> UsageRecord {
        UsageRecord(
            session: "s", client: "c", rule: "r", startedAt: 0, duration: 1, meter: UsageMeter(), endedBy: endedBy,
            closeCode: code, reason: reason)
    }

    private func value(_ series: String) -> String? {
        metrics.registry.render().split(separator: "\n").first { $0.hasPrefix("\(series) ") }
            .map { String($0.dropFirst(series.utf8.count + 1)) }
    }

    @Test("all begin at 0, and say what was built and when it started")
    func zero() {
        let text = metrics.registry.render()
        let series = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let readings = ["cpu_seconds_total", "open_fds", "max_fds", "threads"].map { "process_\($0)" }
        let notZero = series.filter { series in
            !series.hasSuffix(" 0") && !series.contains("_memory_") && !readings.contains { series.hasPrefix($0) }
        }
        #expect(notZero.count == 4)
        #expect(value("fennec_gateway_config_last_reload_successful") == "1")
        #expect(value("fennec_gateway_config_last_reload_timestamp_seconds") == "1700000000")
        #expect(value("process_start_time_seconds") == "1700000000")
        #expect(notZero.contains { $0.hasPrefix("fennec_gateway_build_info{version=\"1.2.3\",swift=\"6") })
        #expect(value("fennec_gateway_refusals_total{code=\"origin_refused\"}") == "0")
        #expect(value("fennec_gateway_mints_total{outcome=\"tls\"}") == "0")
        let reasons = Ending.allCases.count + SessionEnd.otherReasons.count
        #expect(series.filter { $0.contains("session_closes_total") }.count == 3 * reasons + 1)
    }

    @Test("follow sessions from opening to end")
    func sessions() {
        metrics.sessionOpened(rule: "web")
        metrics.sessionOpened(rule: "of a later configuration")
        metrics.sessionEnded(record(endedBy: .gateway, code: 1008, reason: "idle_timeout"))
        #expect(value("fennec_gateway_sessions_active") == "1")
        #expect(value("fennec_gateway_sessions_total") == "2")
        #expect(value("fennec_gateway_admitted_sessions_total{rule=\"web\"}") == "1")
        #expect(value("fennec_gateway_admitted_sessions_total{rule=\"kiosks\"}") == "0")
        #expect(value("fennec_gateway_admitted_sessions_total{rule=\"other\"}") == "1")
        #expect(value("fennec_gateway_session_closes_total{side=\"gateway\",code=\"idle_timeout\"}") == "1")
    }

    @Test("bound what peers may choose")
    func bounded() {
        metrics.sessionEnded(record(endedBy: .client, code: 4000, reason: "made up"))
        #expect(value("fennec_gateway_session_closes_total{side=\"other\",code=\"other\"}") == "1")
    }

    @Test("count transcripts by kind")
    func transcripts() {
        for kind in [.final, .final, .partial, .ready, .error] as [ServerMessage.Kind] {
            metrics.received(ServerMessage(kind: kind))
        }
        #expect(value("fennec_gateway_transcripts_total{kind=\"final\"}") == "2")
        #expect(value("fennec_gateway_transcripts_total{kind=\"partial\"}") == "1")
    }

    private func decide(_ policy: Policy, _ text: String) throws -> PolicyDecision {
        guard case .start(let start) = try ClientMessage.decode(text.utf8) else { throw NoStart() }
        return policy.decide(start)
    }

    private struct NoStart: Error {}

    @Test("count decisions by verdict, and fields by name and reason")
    func decisions() throws {
        var policy = Policy(
            name: "p", limits: [.threshold: FieldLimit(.range(min: .number(0.3), max: .number(0.8)))])
        let asked = #"{"type":"start","vad":{"threshold":0.9},"colour":1}"#
        metrics.decided(try decide(policy, asked))
        policy.onViolation = .reject
        metrics.decided(try decide(policy, asked))
        policy.onViolation = .observe
        metrics.decided(try decide(policy, asked))
        for verdict in PolicyDecision.Verdict.allCases {
            #expect(value("fennec_gateway_policy_decisions_total{verdict=\"\(verdict.rawValue)\"}") == "1")
        }
        let threshold = #"{field="vad.threshold",reason="max"}"#
        let unknown = #"{field="unknown",reason="unknown"}"#
        #expect(value("fennec_gateway_policy_adjustments_total" + threshold) == "2")
        #expect(value("fennec_gateway_policy_observed_total" + threshold) == "1")
        #expect(value("fennec_gateway_policy_adjustments_total" + unknown) == "2")
        #expect(value("fennec_gateway_policy_observed_total" + unknown) == "1")
    }

    @Test("count every field of a start of a thousand unknown ones under one label")
    func manyUnknown() throws {
        let members = (0..<1000).map { "\"m\($0)\":0" }.joined(separator: ",")
        metrics.decided(try decide(Policy(name: "p"), "{\"type\":\"start\",\(members)}"))
        #expect(value(#"fennec_gateway_policy_adjustments_total{field="unknown",reason="unknown"}"#) == "1000")
        #expect(!metrics.registry.render().contains("m999"))
    }

    @Test("have a label for whatever a policy may say of a field")
    func labels() throws {
        let constraints: [(StartField.Kind) -> FieldConstraint] = [
            { _ in .free }, { .fixed($0.sample) }, { .allowed([$0.sample]) }, { _ in .denied }, { _ in .required },
            { $0.isNumber ? .range(min: $0.sample, max: $0.sample) : .free },
            { $0 == .string ? .text(maxCharacters: 1, maxBytes: nil) : .free },
        ]
        for field in StartField.allCases {
            for constraint in constraints {
                let limit = FieldLimit(constraint(field.kind), fallback: field.kind.sample)
                let policy = Policy(name: "p", limits: [field: limit])
                for value in ["-1", "1", "1000000", "true", "false", "\"a long text\"", "\"low\"", "\"high\""] {
                    let member = "\"\(field.name)\":\(value)"
                    let members = field.isInVAD ? "\"vad\":{\(member)}" : member
                    guard let decision = try? decide(policy, "{\"type\":\"start\",\(members)}") else { continue }
                    metrics.decided(decision)
                }
                metrics.decided(policy.decide(StartMessage()))
            }
        }
        #expect(value(#"fennec_gateway_policy_adjustments_total{field="other",reason="other"}"#) == "0")
        #expect(value(#"fennec_gateway_policy_adjustments_total{field="vad.threshold",reason="denied"}"#) != "0")
        let series = metrics.registry.render().split(separator: "\n")
        #expect(series.filter { $0.hasPrefix("fennec_gateway_policy_adjustments_total{") }.count == 91)
    }

    @Test("tell whether the configuration was read, and since when it is in force")
    func reloads() {
        func values() -> [String?] {
            [
                #"config_reloads_total{outcome="success"}"#, #"config_reloads_total{outcome="failure"}"#,
                "config_last_reload_successful", "config_last_reload_timestamp_seconds",
            ].map { value("fennec_gateway_" + $0) }
        }
        #expect(values() == ["0", "0", "1", "1700000000"])
        metrics.config.reloaded(.failure, now: 1_700_000_010)
        #expect(values() == ["0", "1", "0", "1700000000"])
        metrics.config.reloaded(.success, now: 1_700_000_020)
        #expect(values() == ["1", "1", "1", "1700000020"])
    }

    @Test("satisfy promtool", .enabled(if: Promtool.isInstalled))
    func promtool() throws {
        metrics.sessionOpened(rule: "web")
        metrics.audioSeconds.add(.milliseconds(1234))
        metrics.mintSeconds.observe(.milliseconds(80))
        let (status, output) = try Promtool.checkMetrics(metrics.registry.render())
        #expect(status == 0)
        #expect(output == "")
    }

    @Test("would not satisfy promtool if they were malformed", .enabled(if: Promtool.isInstalled))
    func promtoolRefuses() throws {
        let (status, output) = try Promtool.checkMetrics("# TYPE sessions counter\nsessions 1\n")
        #expect(status != 0)
        #expect(output.contains("sessions"))
    }
}

extension StartField.Kind {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .number: true
        case .boolean, .string, .choice: false
        }
    }

    fileprivate var sample: StartValue {
        switch self {
        case .integer: .integer(2)
        case .number: .number(0.5)
        case .boolean: .boolean(true)
        case .string: .string("a")
        case .choice: .string("low")
        }
    }
}
