import Testing

@testable import GatewayServer

@Suite("Readiness")
struct ReadinessTests {
    @Test("is there when every check passes")
    func ready() {
        let readiness = Readiness(checks: [.init(name: "draining", problem: nil), .init(name: "ledger", problem: nil)])
        #expect(readiness.isReady)
        #expect(readiness.brief == "ok\n")
        #expect(readiness.verbose == "ok draining\nok ledger\nready\n")
    }

    @Test("names each check that fails, and why when it is asked")
    func notReady() {
        let readiness = Readiness(checks: [
            .init(name: "draining", problem: "the gateway stops"), .init(name: "event_loops", problem: nil),
            .init(name: "ledger", problem: "full"),
        ])
        #expect(!readiness.isReady)
        #expect(readiness.brief == "draining\nledger\n")
        #expect(
            readiness.verbose == "failed draining: the gateway stops\nok event_loops\nfailed ledger: full\nnot ready\n")
    }
}
