import GatewayTesting
import Testing

@Suite("Distribution")
struct DistributionTests {
    @Test(
        "gives the nearest rank",
        arguments: [(0.0, 1.0), (50.0, 5.0), (90.0, 9.0), (91.0, 10.0), (99.9, 10.0), (100.0, 10.0)])
    func ranks(percent: Double, expected: Double) {
        #expect(Distribution((1...10).map(Double.init).reversed()).percentile(percent) == expected)
    }

    @Test("is zero when there is nothing")
    func empty() {
        #expect(Distribution([]).median == 0)
        #expect(Distribution([]).maximum == 0)
    }
}
