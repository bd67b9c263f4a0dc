import GatewayTelemetry
import Synchronization

/// Places for connections to the service that wait for their clients' `start`; whoever finds none dials when its
/// `start` comes.
final class EarlyConnections: Sendable {
    private let most: Int
    private let taken = Atomic(0)
    private let gauge: Gauge

    init(most: Int, gauge: Gauge) {
        self.most = most
        self.gauge = gauge
    }

    /// Takes a place; unless there is none, `giveBack` must follow.
    func take() -> Bool {
        let count = taken.wrappingAdd(1, ordering: .relaxed).newValue
        guard count <= most else {
            taken.wrappingSubtract(1, ordering: .relaxed)
            return false
        }
        gauge.add(1)
        return true
    }

    func giveBack() {
        taken.wrappingSubtract(1, ordering: .relaxed)
        gauge.add(-1)
    }
}
