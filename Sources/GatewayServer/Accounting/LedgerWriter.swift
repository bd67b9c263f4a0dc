import GatewayTelemetry
import NIOPosix
import Synchronization

/// Has the ledger written while the gateway runs: asks every session how it stands, and commits on a thread of its
/// own, since disks block.
final class LedgerWriter: Sendable {
    /// Half the second that a crash may cost: what comes right after the sessions were asked waits for one interval,
    /// one more round of asking, and one commit.
    private static let interval = Duration.milliseconds(500)

    private let ledger: UsageLedger
    private let registry: SessionRegistry
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(ledger: UsageLedger, registry: SessionRegistry) {
        self.ledger = ledger
        self.registry = registry
    }

    /// Opens the ledger, closes what the last run left open, and begins to write.
    func start() async {
        thread.start()
        await commit()
        task.withLock { $0 = Task { await self.run() } }
    }

    /// Writes what is left, once all sessions have ended, and closes the ledger.
    func stop() async {
        let running = task.withLock { task in
            let running = task
            task = nil
            return running
        }
        running?.cancel()
        await running?.value
        _ = try? await thread.runIfActive { [ledger] in ledger.close(at: WallClock.milliseconds) }
        try? await thread.shutdownGracefully()
    }

    private func run() async {
        let clock = ContinuousClock()
        var next = clock.now + Self.interval
        while (try? await clock.sleep(until: next)) != nil {
            await registry.tellHowSessionsStand(to: ledger)
            await commit()
            // After a stall the rounds that were missed are not made up for.
            next = max(next, clock.now - Self.interval) + Self.interval
        }
    }

    private func commit() async {
        _ = try? await thread.runIfActive { [ledger] in ledger.commit(at: WallClock.milliseconds) }
    }
}
