import GatewayCore
import Testing

@testable import GatewayTelemetry

@Suite("The gateway's metrics")
struct GatewayMetricsTests {
    private let metrics = GatewayMetrics(version: "1.2.3", mintOutcomes: ["ok", "tls"], startedAt: 1_700_000_000)

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
        let notZero = series.filter { !$0.hasSuffix(" 0") }
        #expect(notZero.count == 2)
        #expect(value("process_start_time_seconds") == "1700000000")
        #expect(notZero.contains { $0.hasPrefix("fennec_gateway_build_info{version=\"1.2.3\",swift=\"6") })
        #expect(value("fennec_gateway_refusals_total{code=\"origin_refused\"}") == "0")
        #expect(value("fennec_gateway_mints_total{outcome=\"tls\"}") == "0")
        let reasons = Ending.allCases.count + SessionEnd.otherReasons.count
        #expect(series.filter { $0.contains("session_closes_total") }.count == 3 * reasons + 1)
    }

    @Test("follow sessions from opening to end")
    func sessions() {
        metrics.sessionOpened()
        metrics.sessionOpened()
        metrics.sessionEnded(record(endedBy: .gateway, code: 1008, reason: "idle_timeout"))
        #expect(value("fennec_gateway_sessions_active") == "1")
        #expect(value("fennec_gateway_sessions_total") == "2")
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

    @Test("satisfy promtool", .enabled(if: Promtool.isInstalled))
    func promtool() throws {
        metrics.sessionOpened()
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
