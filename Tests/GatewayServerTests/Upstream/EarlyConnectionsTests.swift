import GatewayTelemetry
import Testing

@testable import GatewayServer

@Suite("Places for early connections")
struct EarlyConnectionsTests {
    private let metrics = GatewayMetrics(version: "1", rules: [], mintOutcomes: [], startedAt: 0)
    private var gauge: Gauge { metrics.upstream.earlyConnections }

    @Test("are as many as there may be, and free again when given back", arguments: [0, 1, 3])
    func bound(most: Int) {
        let places = EarlyConnections(most: most, gauge: gauge)
        for _ in 0..<2 {
            for number in 0..<most {
                #expect(gauge.value == number)
                #expect(places.take())
            }
            #expect(!places.take())
            #expect(gauge.value == most)
            for _ in 0..<most { places.giveBack() }
            #expect(gauge.value == 0)
        }
    }

    @Test("are never more however many ask at once")
    func contention() async {
        let places = EarlyConnections(most: 3, gauge: gauge)
        let taken = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { (0..<1000).count { _ in places.take() } } }
            return await group.reduce(0, +)
        }
        #expect(taken == 3)
        #expect(gauge.value == 3)
        #expect(!places.take())
    }
}
