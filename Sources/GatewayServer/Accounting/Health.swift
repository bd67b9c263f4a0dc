import FennecUpstream
import GatewayTelemetry

/// Finds out whether new sessions should be sent here.
struct Health: Sendable {
    /// What a machine under load may take now and then.
    private static let mostLag = Duration.seconds(2)

    let registry: SessionRegistry
    let monitor: LoopMonitor
    let ledger: UsageLedger?
    let supply: TokenSupply

    /// How it stands now.
    var readiness: Readiness {
        let draining = registry.isLeaving ? "the gateway stops" : nil
        let worst = monitor.worstLag
        let lag = worst > Self.mostLag ? "an event loop is held up for \(worst)" : nil
        var checks = [
            Readiness.Check(name: "draining", problem: draining), Readiness.Check(name: "event_loops", problem: lag),
        ]
        if let ledger, ledger.isRequired {
            checks.append(Readiness.Check(name: "ledger", problem: ledger.problem?.description))
        }
        let keys = supply.isRefused ? "the service refuses every API key: replace them, then reload" : nil
        return Readiness(checks: checks + [Readiness.Check(name: "api_key", problem: keys)])
    }
}
