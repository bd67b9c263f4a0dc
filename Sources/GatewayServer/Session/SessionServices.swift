import FennecUpstream
import GatewayCore
import GatewayTelemetry
import Logging

/// What every session shares.
struct SessionServices: Sendable {
    let settings: SessionSettings
    let connector: UpstreamConnector
    /// Whether frames get new masks on their way up: only over plain connections that leave this machine.
    let masksAnew: Bool
    let metrics: GatewayMetrics
    let sessionLog: SessionLog
    let logger: Logger
}

/// Who was let in.
struct Admitted: Sendable {
    /// The access rule's name.
    var rule: String
    /// The client as logs and ledger name it.
    var client: String
}
