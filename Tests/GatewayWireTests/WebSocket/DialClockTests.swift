import NIOCore
import Testing

@testable import GatewayWire

@Suite("The clock of a dial")
struct DialClockTests {
    @Test(
        "tells each step once, in their order, whatever is left out",
        arguments: [
            ([.dns, .tcp, .tls, .upgrade], [.dns, .tcp, .tls, .upgrade]),
            ([.dns, .tcp, .upgrade], [.dns, .tcp, .upgrade]),
            ([.dns, .dns, .tcp], [.dns, .tcp]), ([.tcp, .dns], [.tcp]), ([], []),
            ([.dns, .tcp, .tls, .upgrade, .upgrade, .tls], [.dns, .tcp, .tls, .upgrade]),
        ] as [([DialClock.Step], [DialClock.Step])])
    func steps(ended: [DialClock.Step], told: [DialClock.Step]) {
        var steps: [DialClock.Step] = []
        let clock = DialClock { step, time in
            steps.append(step)
            #expect(time >= .zero)
        }
        for step in ended { clock.ended(step) }
        #expect(steps == told)
    }
}
