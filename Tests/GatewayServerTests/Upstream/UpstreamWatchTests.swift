import FennecUpstream
import GatewayCore
import GatewayTelemetry
import InMemoryLogging
import Logging
import Testing

@testable import GatewayServer

@Suite("The watch over the upstream")
struct UpstreamWatchTests {
    private let metrics = GatewayMetrics(version: "1", rules: [], mintOutcomes: MintOutcome.labels, startedAt: 0)
    private let log = InMemoryLogHandler()
    private var watch: UpstreamWatch {
        UpstreamWatch(metrics: metrics, logger: Logger(label: "test", factory: { _ in log }))
    }

    private func value(_ series: String) -> String? {
        metrics.registry.render().split(separator: "\n").first { $0.hasPrefix("fennec_gateway_\(series) ") }
            .flatMap { $0.split(separator: " ").last.map(String.init) }
    }

    @Test(
        "has one line for each notice, as loud as it is urgent, and counts it",
        arguments: [
            (.keyRefused(key: 0, status: 401), .critical, #"api_key_events_total{event="refused"}"#, "1"),
            (.keyLimited(key: 1, retryAfter: .seconds(2)), .warning, #"api_key_events_total{event="limited"}"#, "1"),
            (.keyAccepted(key: 0), .notice, #"api_key_events_total{event="accepted"}"#, "1"),
            (.mintCircuitOpened(.timedOut), .error, "mint_circuit_open", "1"),
            (.mintCircuitClosed, .notice, "mint_circuit_open", "0"),
            (.dialCircuitOpened("refused"), .error, "dial_circuit_open", "1"),
            (.dialCircuitClosed, .notice, "dial_circuit_open", "0"),
            (.tokensExpireAtOnce, .warning, "token_pool_expired_total", "0"),
        ] as [(UpstreamNotice, Logger.Level, String, String)])
    func notices(notice: UpstreamNotice, level: Logger.Level, series: String, expected: String) {
        watch.noticed(notice)
        #expect(log.entries.map(\.level) == [level])
        #expect(log.entries.map(\.message.description) == [notice.description])
        #expect(value(series) == expected)
    }

    @Test("forgets an open circuit when it closes")
    func circuits() {
        watch.noticed(.mintCircuitOpened(.timedOut))
        watch.noticed(.dialCircuitOpened("refused"))
        watch.noticed(.mintCircuitClosed)
        #expect(value("mint_circuit_open") == "0")
        #expect(value("dial_circuit_open") == "1")
    }

    @Test("counts what sessions and the pool do without a line")
    func counts() {
        watch.mintEnded(.failed(.noToken))
        watch.needServed(fromPool: true)
        watch.needServed(fromPool: false)
        watch.needServed(fromPool: false)
        watch.tokenExpired()
        watch.poolChanged(size: 7)
        #expect(value("mints_total{outcome=\"\(MintFailure.noToken.label)\"}") == "1")
        #expect(value("token_pool_hits_total") == "1")
        #expect(value("token_pool_misses_total") == "2")
        #expect(value("token_pool_expired_total") == "1")
        #expect(value("token_pool_size") == "7")
        #expect(log.entries.isEmpty)
    }
}
