import GatewayCore
import Testing

@Suite("Lines of a log that strangers can cause")
struct LinePaceTests {
    @Test("come as they may up to the burst, then at the rate, and say how many were left out")
    func pace() {
        var pace = LinePace(TokenBucket.Rate(perMinute: 6, burst: 2), now: .zero)
        let lines = [0, 0, 0, 1, 9, 10, 11, 20, 300, 300, 300].map { pace.line(now: .seconds($0)) }
        #expect(lines == [0, 0, nil, nil, nil, 3, nil, 1, 0, 0, nil])
    }
}
