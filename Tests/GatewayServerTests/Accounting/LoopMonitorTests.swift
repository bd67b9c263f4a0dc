import GatewayTelemetry
import Glibc
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import GatewayServer

@Suite("The watch over event loops")
struct LoopMonitorTests {
    /// Keeps an event loop busy until it is let go.
    private final class Block: Sendable {
        private let isReleased = Atomic(false)

        func hold() {
            while !isReleased.load(ordering: .acquiring) { usleep(1000) }
        }

        func release() { isReleased.store(true, ordering: .releasing) }
    }

    private static func eventually(_ condition: () -> Bool) async -> Bool {
        for _ in 0..<3000 {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    /// The observations above so many seconds.
    private static func late(_ registry: MetricsRegistry, above bound: String) -> Int {
        func count(_ le: String) -> Int {
            let line = registry.render().split(separator: "\n").first { $0.contains("le=\"\(le)\"") }
            return line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
        }
        return count("+Inf") - count(bound)
    }

    @Test("tells how long the latest loop is held up while it is, counts it afterwards, and forgets it")
    func heldUp() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let registry = MetricsRegistry()
        let lag = registry.histogram("lag_seconds", "Lag.", bounds: Histogram.lagBounds)
        let monitor = LoopMonitor(group: group, lag: lag)
        let block = Block()
        group.next().execute { block.hold() }
        #expect(await Self.eventually { monitor.worstLag >= .milliseconds(700) })
        #expect(Self.late(registry, above: "0.5") == 0)
        block.release()
        #expect(await Self.eventually { Self.late(registry, above: "0.5") == 1 })
        #expect(await Self.eventually { monitor.worstLag < .milliseconds(100) })
        monitor.stop()
        try await group.shutdownGracefully()
    }
}
