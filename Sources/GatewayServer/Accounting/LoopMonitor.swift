import GatewayTelemetry
import NIOCore
import Synchronization

/// Watches that no event loop is held up: each beats twice a second, and how late a beat comes is its lag.
final class LoopMonitor: Sendable {
    private static let interval = TimeAmount.milliseconds(500)

    /// The last beat of one loop, in ns of `NIODeadline`.
    private final class Pulse: Sendable {
        let last = Atomic<UInt64>(NIODeadline.now().uptimeNanoseconds)
    }

    private let pulses: [Pulse]
    private let beats: Mutex<[RepeatedTask]>

    init(group: any EventLoopGroup, lag: Histogram) {
        var pulses: [Pulse] = []
        var tasks: [RepeatedTask] = []
        for loop in group.makeIterator() {
            let pulse = Pulse()
            pulses.append(pulse)
            tasks.append(
                loop.scheduleRepeatedTask(initialDelay: Self.interval, delay: Self.interval) { _ in
                    let now = NIODeadline.now().uptimeNanoseconds
                    let due = pulse.last.load(ordering: .relaxed) + UInt64(Self.interval.nanoseconds)
                    pulse.last.store(now, ordering: .relaxed)
                    lag.observe(.nanoseconds(Int64(now > due ? now - due : 0)))
                })
        }
        self.pulses = pulses
        beats = Mutex(tasks)
    }

    /// How late the latest loop is now.
    var worstLag: Duration {
        let now = NIODeadline.now().uptimeNanoseconds
        let oldest = pulses.map { $0.last.load(ordering: .relaxed) }.min() ?? now
        return .nanoseconds(max(0, Int64(now) - Int64(oldest) - Self.interval.nanoseconds))
    }

    func stop() {
        for beat in beats.withLock({ $0 }) { beat.cancel() }
    }
}
