import GatewayCore
import GatewayWire
import Logging

extension Gateway {
    /// How far a stop is.
    package struct DrainProgress: Sendable {
        /// How many sessions live.
        package var sessions: Int
        /// The longest time until all is over.
        package var remaining: Duration
    }

    /// How often the drain looks around.
    private static let pause = Duration.milliseconds(20)
    /// What ledger and state may take to write their last, besides the sessions' time.
    private static let closing = Duration.seconds(5)

    /// Stops: says that it is not ready, stops accepting, lets sessions go on for a while, ends each with its last
    /// finals, and returns when all are over or the limits have passed.
    /// - Parameter progress: Told at the beginning and about once a second.
    package func drain(progress: @Sendable (DrainProgress) -> Void = { _ in }) async {
        let clock = ContinuousClock()
        let begun = clock.now
        var machine = DrainMachine(settings: store.current.settings.sessions, at: .zero)
        registry.leave()
        var told: Duration?
        while true {
            let now = begun.duration(to: clock.now)
            let newcomers = listeners.newcomers
            for action in machine.advance(sessions: registry.count, newcomers: newcomers, at: now) {
                await carryOut(action)
            }
            guard machine.state != .over else { break }
            if told.map({ now - $0 >= .seconds(1) }) ?? true {
                told = now
                progress(DrainProgress(sessions: registry.count, remaining: machine.remaining(at: now) + Self.closing))
            }
            // A cancelled task sleeps no more: then whatever lives is cut.
            guard (try? await clock.sleep(for: Self.pause)) != nil else { break }
        }
        progress(DrainProgress(sessions: registry.count, remaining: Self.closing))
        await finish()
    }

    private func carryOut(_ action: DrainMachine.Action) async {
        switch action {
        case .stopAccepting:
            await listeners.stopAccepting()
            let count = registry.count
            if count > 0 { logger.notice("draining", metadata: ["sessions": .stringConvertible(count)]) }
        case .endSessions: registry.drain(because: .restart)
        case .cutSessions: registry.kill(because: .restart)
        }
    }

    private func finish() async {
        await listeners.stopAccepting()
        await ledger?.stop()
        await keeper.stop()
        desk.store.close()
        await listeners.shutdown()
        // Before it is closed: afterwards the path may be a successor's already.
        if let ownSocket { AdminSocket.remove(ownSocket) }
        await admin?.shutdown()
        monitor.stop()
    }
}
