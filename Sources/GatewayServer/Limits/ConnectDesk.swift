import GatewayCore
import Synchronization

/// Counts how often clients connect.
final class ConnectDesk: Sendable {
    private let table = Mutex(BucketTable<String>())

    /// How long a client would have to wait; `nil` when it may connect.
    func wait(_ client: String, _ rate: TokenBucket.Rate) -> Duration? {
        table.withLock { $0.wait(client, rate, now: .uptime) }
    }

    /// A client connects; how long it has to wait instead, if it has to.
    func connect(_ client: String, _ rate: TokenBucket.Rate) -> Duration? {
        table.withLock { $0.take(client, rate, now: .uptime) }
    }
}
