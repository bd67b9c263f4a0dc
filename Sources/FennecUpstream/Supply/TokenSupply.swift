package import GatewayCore
package import GatewayWire
package import NIOCore
import Synchronization

/// Tokens for whoever needs one, minted ahead where that is configured: the shell of `TokenPool`. What happens is
/// decided under a lock and done after it.
package final class TokenSupply: Sendable {
    /// A token for one need.
    package struct Delivery: Sendable {
        package let token: UpstreamToken
        /// From the need to its token.
        package let milliseconds: Double
    }

    package typealias Completion = @Sendable (Result<Delivery, TokenNeedFailure>) -> Void

    /// Names one call of `take`.
    package struct Need: Sendable {
        let number: UInt64
    }

    private let minter: TokenMinter
    private let observer: any UpstreamObserver
    private let loop: any EventLoop
    private let now: @Sendable () -> Duration
    private let ledger: Mutex<SupplyLedger>

    /// Nothing is minted before `start` or the first need.
    /// - Parameters:
    ///   - mintTimeout: The longest time that a mint ahead of need may take.
    ///   - loop: Its clock wakes the pool.
    package convenience init(
        settings: TokenPoolSettings, keys: APIKeys, minter: TokenMinter, mintTimeout: Duration, loop: any EventLoop,
        observer: any UpstreamObserver
    ) {
        self.init(
            settings: settings, keys: keys, minter: minter, mintTimeout: mintTimeout, loop: loop, observer: observer,
            now: SteadyClock.begin())
    }

    /// - Parameter now: The time since any fixed moment, on a clock that never goes back.
    init(
        settings: TokenPoolSettings, keys: APIKeys, minter: TokenMinter, mintTimeout: Duration, loop: any EventLoop,
        observer: any UpstreamObserver, now: @escaping @Sendable () -> Duration
    ) {
        self.now = now
        self.minter = minter
        self.observer = observer
        self.loop = loop
        let pool = TokenPool(settings: settings, keys: keys.ring, mintTimeout: mintTimeout)
        ledger = Mutex(SupplyLedger(pool: pool, keys: keys.secrets))
    }

    /// Whether the service refuses every key: until one is replaced, no session can be served.
    package var isRefused: Bool { ledger.withLock { $0.pool.keys.isRefused } }

    /// Begins to mint ahead.
    package func start() { tell(.timePassed) }

    /// Takes one token, from any thread.
    /// - Parameters:
    ///   - time: How long the token may take to come.
    ///   - completion: Called exactly once, on any thread, where it must not block; maybe before `take` returns.
    package func take(within time: Duration, completion: @escaping Completion) -> Need {
        let now = now()
        let number = ledger.withLock { $0.open(completion, at: now) }
        tell(.needed(number, deadline: now + time))
        return Need(number: number)
    }

    /// Gives a need up; unless its token came first, its completion is never called.
    package func cancel(_ need: Need) {
        tell(.cancelled(need.number))
    }

    /// Why a need would be turned away now; `nil` when it would be served or might be.
    package func obstacle() -> TokenNeedFailure? {
        let now = now()
        return ledger.withLock { $0.obstacle(at: now) }
    }

    /// What is asked for from now on carries one of these keys. What is under way ends with the old ones, which are
    /// wiped with the last of it; tokens that are ready stay good.
    package func replaceKeys(_ keys: APIKeys) {
        tell(.keysReplaced(keys.ring), keys: keys.secrets)
    }

    /// Returns once the minter's thread has answered; while it is held up, not at all.
    package func hearFromMinter() async { await minter.hear() }

    /// Ends all needs and mints, and the minter.
    package func shutDown() {
        tell(.closed)
        minter.shutDown()
    }

    // MARK: Deciding and doing

    private func tell(_ event: TokenPool.Event, token: UpstreamToken? = nil, keys: [Secret]? = nil) {
        let jitter = Double.random(in: 0..<1)
        let (effects, wait) = ledger.withLock { ledger in
            // Told under the lock, so that the last size told is the last there was.
            defer { observer.poolChanged(size: ledger.pool.size) }
            let now = now()
            let effects = ledger.handle(event, token: token, keys: keys, at: now, jitter: jitter)
            return (effects, ledger.nextAlarm(after: now).map { (moment: $0, time: $0 - now) })
        }
        for effect in effects { carryOut(effect) }
        if let wait { wake(at: wait.moment, in: wait.time) }
    }

    private func carryOut(_ effect: SupplyLedger.Effect) {
        switch effect {
        case .mint(let number, let key, let time): mint(number, with: key, within: time)
        case .cancel(let id): minter.cancel(id)
        case .complete(let completion, let result): completion(result)
        case .served(let isHit): observer.needServed(fromPool: isHit)
        case .expired: observer.tokenExpired()
        case .tell(let notice): observer.noticed(notice)
        }
    }

    private func mint(_ number: UInt64, with key: Secret, within time: Duration) {
        let id = minter.mint(with: key, timeout: time) { [weak self] outcome in self?.minted(number, outcome) }
        if !ledger.withLock({ $0.began(number, as: id) }) { minter.cancel(id) }
    }

    private func minted(_ number: UInt64, _ outcome: MintOutcome) {
        observer.mintEnded(outcome)
        switch outcome {
        case .token(let token, _):
            tell(.minted(number, lifetime: token.lifetime(at: WallClock.seconds)), token: token)
        case .failed(let failure): tell(.mintFailed(number, failure))
        }
    }

    /// Sees to it that the pool hears of time in time.
    private func wake(at moment: Duration, in time: Duration) {
        loop.scheduleTask(in: .milliseconds(Int64(max(time.wholeMilliseconds, 1)))) { [weak self] in
            guard let self else { return }
            if self.ledger.withLock({ $0.alarmRang(moment) }) { self.tell(.timePassed) }
        }
    }
}

/// Who is told what goes on with the upstream; called on any thread, where it must not block.
package protocol UpstreamObserver: Sendable {
    /// A mint has ended.
    func mintEnded(_ outcome: MintOutcome)
    /// A need got its token, at once or after a wait.
    func needServed(fromPool isHit: Bool)
    /// A token got too old before anybody needed it.
    func tokenExpired()
    /// So many tokens are ready now.
    func poolChanged(size: Int)
    /// A step of a dial is over.
    func dialStepEnded(_ step: DialClock.Step, took time: Duration)
    /// Something that an operator should hear.
    func noticed(_ notice: UpstreamNotice)
}
