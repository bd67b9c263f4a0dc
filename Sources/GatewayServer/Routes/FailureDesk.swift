import GatewayCore
import NIOCore
import Synchronization

/// Counts failed credentials by address. Whoever guesses is told to wait; a good credential is never asked about here.
final class FailureDesk: Sendable {
    /// Failures that are answered as such.
    static let rate = TokenBucket.Rate(perMinute: 30, burst: 10)

    private let table = Mutex(BucketTable<AddressBlock>())

    /// A credential failed; how long its sender has to wait when it was one too many.
    func failed(from address: IPAddress?) -> Duration? {
        table.withLock { $0.take(AddressBlock(address), Self.rate, now: .uptime) }
    }
}

extension Duration {
    /// The time since any fixed moment, on a clock that never goes back.
    static var uptime: Duration { .nanoseconds(Int64(NIODeadline.now().uptimeNanoseconds)) }

    /// In whole seconds, rounded up, and at least one: for `Retry-After`.
    var retrySeconds: Int { max(1, Int(components.seconds) + (components.attoseconds > 0 ? 1 : 0)) }
}
