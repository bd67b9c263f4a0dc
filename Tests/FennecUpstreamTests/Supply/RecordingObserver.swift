import FennecUpstream
import GatewayCore
import GatewayWire
import Synchronization

/// Keeps what it is told.
final class RecordingObserver: UpstreamObserver {
    struct Record: Sendable {
        var outcomes: [String] = []
        var hits = 0
        var misses = 0
        var expired = 0
        var size = 0
        var steps: [DialClock.Step] = []
        var notices: [UpstreamNotice] = []
    }

    private let state = Mutex(Record())
    private let onPoolChange: @Sendable (Int) -> Void

    /// - Parameter onPoolChange: Called with each size of the pool that is told, while the pool is locked.
    init(onPoolChange: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.onPoolChange = onPoolChange
    }

    var record: Record { state.withLock { $0 } }

    func mintEnded(_ outcome: MintOutcome) { state.withLock { $0.outcomes.append(outcome.label) } }

    func needServed(fromPool isHit: Bool) {
        state.withLock { if isHit { $0.hits += 1 } else { $0.misses += 1 } }
    }

    func tokenExpired() { state.withLock { $0.expired += 1 } }

    func poolChanged(size: Int) {
        state.withLock { $0.size = size }
        onPoolChange(size)
    }

    func dialStepEnded(_ step: DialClock.Step, took time: Duration) { state.withLock { $0.steps.append(step) } }
    func noticed(_ notice: UpstreamNotice) { state.withLock { $0.notices.append(notice) } }
}
