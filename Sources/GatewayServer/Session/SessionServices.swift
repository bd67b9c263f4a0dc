import FennecUpstream
import GatewayCore
import GatewayTelemetry
import Logging

/// What every session shares, for as long as the gateway runs.
struct SessionServices: Sendable {
    let connector: UpstreamConnector
    let earlyConnections: EarlyConnections
    /// Whether frames get new masks on their way up: only over plain connections that leave this machine.
    let masksAnew: Bool
    let metrics: GatewayMetrics
    let sessionLog: SessionLog
    /// Where sessions are accounted for; `nil` when no ledger is kept.
    let ledger: UsageLedger?
    let addresses: AddressKeeper
    let logger: Logger
}
