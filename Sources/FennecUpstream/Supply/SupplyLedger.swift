import GatewayCore

/// What a token supply holds under its lock: the pool that decides, and what the pool's numbers stand for.
struct SupplyLedger: Sendable {
    /// What is to be done once the lock is free.
    enum Effect: Sendable {
        case mint(UInt64, with: Secret, within: Duration)
        case cancel(MintID)
        case complete(TokenSupply.Completion, Result<TokenSupply.Delivery, TokenNeedFailure>)
        case served(fromPool: Bool)
        case expired
        case tell(UpstreamNotice)
    }

    private struct Waiting {
        let completion: TokenSupply.Completion
        let since: Duration
    }

    private(set) var pool: TokenPool
    private var keys: [Secret]
    private var tokens: [UInt64: UpstreamToken] = [:]
    private var waiting: [UInt64: Waiting] = [:]
    /// The mints under way, as the minter calls them; `nil` until it has been told.
    private var mints: [UInt64: MintID?] = [:]
    private var lastNeed: UInt64 = 0
    private var alarm: Duration?

    init(pool: TokenPool, keys: [Secret]) {
        self.pool = pool
        self.keys = keys
    }

    /// Gives a need its number.
    mutating func open(_ completion: @escaping TokenSupply.Completion, at now: Duration) -> UInt64 {
        lastNeed += 1
        waiting[lastNeed] = Waiting(completion: completion, since: now)
        return lastNeed
    }

    /// Why a need would be turned away now; `nil` when it would be served or might be.
    mutating func obstacle(at now: Duration) -> TokenNeedFailure? { pool.obstacle(at: now) }

    /// Forgets a need.
    private mutating func close(_ need: UInt64) -> TokenSupply.Completion? {
        waiting.removeValue(forKey: need)?.completion
    }

    /// The minter has been asked; false when the mint has been given up meanwhile.
    mutating func began(_ mint: UInt64, as id: MintID) -> Bool {
        guard mints[mint] != nil else { return false }
        mints[mint] = .some(id)
        return true
    }

    /// Takes an event through the pool.
    /// - Parameters:
    ///   - token: What was minted.
    ///   - keys: Those of the ring that replaces the others.
    mutating func handle(
        _ event: TokenPool.Event, token: UpstreamToken? = nil, keys: [Secret]? = nil, at now: Duration, jitter: Double
    ) -> [Effect] {
        if let keys { self.keys = keys }
        switch event {
        case .cancelled(let need): _ = close(need)
        case .minted(let mint, _):
            mints[mint] = nil
            tokens[mint] = token
        case .mintFailed(let mint, _): mints[mint] = nil
        default: break
        }
        var isWaiting = true
        if case .needed = event { isWaiting = false }
        return pool.handle(event, at: now, jitter: jitter).flatMap { effects(of: $0, now, isWaiting) }
    }

    private mutating func effects(of action: TokenPool.Action, _ now: Duration, _ isWaiting: Bool) -> [Effect] {
        switch action {
        case .mint(let number, let key, let time):
            guard keys.indices.contains(key) else {
                // Nothing would ever tell what became of it.
                let actions = pool.handle(.mintFailed(number, .cancelled), at: now, jitter: 0)
                return actions.flatMap { effects(of: $0, now, isWaiting) }
            }
            mints[number] = .some(nil)
            return [.mint(number, with: keys[key], within: time)]
        case .cancelMint(let number):
            guard let known = mints.removeValue(forKey: number), let id = known else { return [] }
            return [.cancel(id)]
        case .give(let number, let need):
            guard let token = tokens.removeValue(forKey: number), let waiting = waiting.removeValue(forKey: need)
            else { return [] }
            let delivery = TokenSupply.Delivery(token: token, milliseconds: (now - waiting.since).milliseconds)
            return [.complete(waiting.completion, .success(delivery)), .served(fromPool: !isWaiting)]
        case .fail(let need, let failure):
            return close(need).map { [.complete($0, .failure(failure))] } ?? []
        case .drop(let number, let reason):
            tokens[number] = nil
            return reason == .expired ? [.expired] : []
        case .tell(let notice): return [.tell(notice)]
        }
    }

    // MARK: The alarm

    /// When the pool wants to be woken, if no earlier alarm is set already; to be asked with the `now` of the last event.
    /// What falls between two readings of the clock would be forgotten.
    mutating func nextAlarm(after now: Duration) -> Duration? {
        guard let moment = pool.wakeAt(after: now), alarm.map({ moment < $0 }) ?? true else { return nil }
        alarm = moment
        return moment
    }

    /// Whether this alarm is still the one that was set.
    mutating func alarmRang(_ moment: Duration) -> Bool {
        guard alarm == moment else { return false }
        alarm = nil
        return true
    }
}
