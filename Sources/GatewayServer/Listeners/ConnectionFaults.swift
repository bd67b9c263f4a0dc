import GatewayCore
import GatewayTelemetry
import Logging
import NIOCore
import Synchronization

/// Counts and logs connections that were closed before there was a request on them. Each reason has lines of its own
/// in the log, so many a minute and no more.
final class ConnectionFaults: Sendable {
    /// Lines of one reason.
    static let rate = TokenBucket.Rate(perMinute: 6, burst: 10)

    private let metrics: GatewayMetrics
    private let addresses: AddressKeeper
    private let logger: Logger
    private let paces = Mutex<[ConnectionFault: LinePace]>([:])

    init(metrics: GatewayMetrics, addresses: AddressKeeper, logger: Logger) {
        self.metrics = metrics
        self.addresses = addresses
        self.logger = logger
    }

    /// A connection was closed.
    /// - Parameter reason: More about it, for the log.
    func closed(_ fault: ConnectionFault, listener: String, peer: SocketAddress?, reason: String? = nil) {
        metrics.connectionFaults[fault].add()
        let now = Duration.uptime
        guard let heldBack = paces.withLock({ $0[fault, default: LinePace(Self.rate, now: now)].line(now: now) })
        else { return }
        var metadata: Logger.Metadata = ["listener": "\(listener)", "code": "\(fault.rawValue)"]
        if let address = addresses.text(of: peer?.address) { metadata["address"] = "\(address)" }
        if let reason { metadata["reason"] = "\(reason)" }
        if heldBack > 0 { metadata["not_logged"] = .stringConvertible(heldBack) }
        logger.warning("connection closed: \(fault.message)", metadata: metadata)
    }
}
