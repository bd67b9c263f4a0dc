import GatewayCore
import NIOCore
import NIOPosix
import Synchronization

/// Finds the addresses of hosts for all dials, on whatever event loops: the shell of `NameCache`. What happens is
/// decided under a lock and done after it.
final class NameService: Sendable {
    typealias Completion = @Sendable (Result<HostAddresses, HostAddresses.Failure>) -> Void
    private typealias Cache = NameCache<HostAddresses>

    private struct State {
        var cache = Cache()
        var lastNeed: UInt64 = 0
        var waiting: [UInt64: Completion] = [:]
    }

    /// Where look-ups block: one for the service's name, one for the proxy's.
    private static let threads: NIOThreadPool = {
        let threads = NIOThreadPool(numberOfThreads: 2)
        threads.start()
        return threads
    }()

    private let state = Mutex(State())
    private let now: @Sendable () -> Duration
    private let lookUp: @Sendable (String) throws(HostAddresses.Failure) -> HostAddresses

    /// - Parameters:
    ///   - now: The time since any fixed moment, on a clock that never goes back.
    ///   - lookUp: May block its thread; by default it asks the system.
    init(
        now: @escaping @Sendable () -> Duration = SteadyClock.begin(),
        lookUp: @escaping @Sendable (String) throws(HostAddresses.Failure) -> HostAddresses = HostAddresses.init(of:)
    ) {
        self.now = now
        self.lookUp = lookUp
    }

    /// Finds the addresses of a host that is no IP literal.
    /// - Parameters:
    ///   - loop: Its clock tells when a look-up has become slow.
    ///   - completion: Called once, on any thread, maybe before this returns; never after `cancel`.
    /// - Returns: What to cancel it by.
    func find(_ host: String, on loop: any EventLoop, _ completion: @escaping Completion) -> UInt64 {
        let need = state.withLock { state in
            state.lastNeed += 1
            state.waiting[state.lastNeed] = completion
            return state.lastNeed
        }
        tell(.needed(need, name: host), on: loop)
        return need
    }

    /// Nobody waits for this any more.
    func cancel(_ need: UInt64) {
        tell(.cancelled(need), on: nil)
    }

    private func tell(_ event: Cache.Event, on loop: (any EventLoop)?) {
        let now = now()
        let (actions, completions) = state.withLock { state in
            let actions = state.cache.handle(event, at: now)
            if case .cancelled(let need) = event { state.waiting[need] = nil }
            return (actions, actions.map { $0.need.flatMap { state.waiting.removeValue(forKey: $0) } })
        }
        for (action, completion) in zip(actions, completions) {
            switch action {
            case .lookUp(let host, let patience): begin(host, patience, on: loop)
            case .give(_, let addresses): completion?(.success(addresses))
            case .refuse(_, let words): completion?(.failure(HostAddresses.Failure(description: words)))
            }
        }
    }

    private func begin(_ host: String, _ patience: Duration?, on loop: (any EventLoop)?) {
        Self.threads.submit { [self] _ in
            do throws(HostAddresses.Failure) {
                tell(.found(host, try lookUp(host)), on: nil)
            } catch {
                tell(.failed(host, words: error.description), on: nil)
            }
        }
        guard let patience, let loop else { return }
        loop.scheduleTask(in: TimeAmount(patience)) { [self] in tell(.timePassed, on: loop) }
    }
}

extension NameCache.Action {
    /// Whom it answers.
    fileprivate var need: UInt64? {
        switch self {
        case .give(let need, _), .refuse(let need, _): need
        case .lookUp: nil
        }
    }
}
