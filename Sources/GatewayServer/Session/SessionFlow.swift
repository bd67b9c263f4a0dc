import GatewayCore
import GatewayTelemetry
import GatewayWire
import NIOCore

/// What waits in a session, and how long its peers are made to wait: tells the metrics of every change.
struct SessionFlow {
    private let metrics: FlowMetrics
    private var clientWaits = PressureMeter()
    private var upstreamWaits = PressureMeter()
    private var bytesUp = 0
    private var bytesDown = 0

    init(metrics: FlowMetrics) {
        self.metrics = metrics
    }

    /// Looks at both legs; called whenever something may have changed.
    mutating func look(at pump: RelayPump) {
        stands(
            up: pump.heldBytes + (pump.upstream?.blockedBytes ?? 0), down: pump.client.blockedBytes,
            clientWaits: pump.client.isReadingPaused(for: [.backPressure, .holdBound]),
            upstreamWaits: pump.upstream?.isReadingPaused(for: .backPressure) ?? false)
    }

    /// The session is over: nothing waits any more.
    mutating func end() {
        stands(up: 0, down: 0, clientWaits: false, upstreamWaits: false)
    }

    private mutating func stands(up: Int, down: Int, clientWaits isClientWaiting: Bool, upstreamWaits: Bool) {
        let now = Int(NIODeadline.now().uptimeNanoseconds / 1000)
        let waitedUp = clientWaits.stands(isWaiting: isClientWaiting, at: now)
        let waitedDown = self.upstreamWaits.stands(isWaiting: upstreamWaits, at: now)
        if waitedUp > 0 { metrics.backPressureSeconds[.clientToUpstream].add(waitedUp) }
        if waitedDown > 0 { metrics.backPressureSeconds[.upstreamToClient].add(waitedDown) }
        if up != bytesUp { metrics.bufferedBytes[.clientToUpstream].add(up - bytesUp) }
        if down != bytesDown { metrics.bufferedBytes[.upstreamToClient].add(down - bytesDown) }
        (bytesUp, bytesDown) = (up, down)
    }
}
