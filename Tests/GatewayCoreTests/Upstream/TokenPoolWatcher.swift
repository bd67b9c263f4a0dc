@testable import GatewayCore

/// Plays a world around a pool, and notes whatever breaks one of its promises.
struct TokenPoolWatcher {
    private struct Minted {
        let at: Duration
        let begun: Duration
        let lifetime: Duration?
    }

    private(set) var pool: TokenPool
    private(set) var broken: [String] = []
    /// What was seen at least once: names of actions, failures and notices.
    private(set) var seen: Set<String> = []
    private(set) var now: Duration = .seconds(1000)
    private let settings: TokenPoolSettings
    private var mints: [UInt64: Duration] = [:]
    private var cancelledMints: Set<UInt64> = []
    private var tokens: [UInt64: Minted] = [:]
    private var usedTokens: Set<UInt64> = []
    private var needs: [UInt64: Duration] = [:]
    private var lastNeed: UInt64 = 0

    init(settings: TokenPoolSettings, keys: KeyRing = KeyRing(count: 1)) {
        self.settings = settings
        pool = TokenPool(settings: settings, keys: keys, mintTimeout: .seconds(10))
    }

    /// The mints under way, and those given up whose answers may still come.
    var openMints: [UInt64] { Array(mints.keys).sorted() + Array(cancelledMints).sorted() }
    /// The needs that wait.
    var openNeeds: [UInt64] { needs.keys.sorted() }

    mutating func need(within time: Duration = .seconds(10)) {
        lastNeed += 1
        needs[lastNeed] = now + time
        handle(.needed(lastNeed, deadline: now + time))
    }

    mutating func cancel(_ need: UInt64) {
        needs[need] = nil
        handle(.cancelled(need))
    }

    mutating func minted(_ mint: UInt64, lifetime: Duration? = nil) {
        if let begun = mints.removeValue(forKey: mint) {
            tokens[mint] = Minted(at: now, begun: begun, lifetime: lifetime)
        } else {
            cancelledMints.remove(mint)
            tokens[mint] = Minted(at: now, begun: now, lifetime: lifetime)
        }
        handle(.minted(mint, lifetime: lifetime))
    }

    mutating func fail(_ mint: UInt64, _ failure: MintFailure) {
        mints[mint] = nil
        cancelledMints.remove(mint)
        handle(.mintFailed(mint, failure))
    }

    /// Lets time pass, with every alarm that the pool sets.
    mutating func wait(_ time: Duration) {
        let end = now + time
        var alarms = 0
        while let alarm = pool.wakeAt(after: now), alarm <= end {
            demand(alarm > now, "an alarm of the past")
            now = max(alarm, now + .nanoseconds(1))
            handle(.timePassed)
            alarms += 1
            guard alarms < 20_000 else { return demand(false, "alarms without end") }
        }
        now = end
        demand(needs.values.allSatisfy { $0 > now }, "a need waits past its deadline")
    }

    mutating func close() {
        handle(.closed)
        demand(needs.isEmpty && mints.isEmpty && pool.size == 0, "something is left after the end")
        demand(Set(tokens.keys) == usedTokens, "a token is neither given nor dropped")
        demand(pool.wakeAt(after: now) == nil, "an alarm after the end")
    }

    @discardableResult
    mutating func handle(_ event: TokenPool.Event, jitter: Double = 0.5) -> [TokenPool.Action] {
        let wasClosed = pool.isClosed
        let actions = pool.handle(event, at: now, jitter: jitter)
        for action in actions { note(action) }
        demand(pool.size <= settings.ceiling, "more tokens are ready than the ceiling allows")
        demand(pool.minting == mints.count && pool.waiting == needs.count, "numbers got lost")
        demand(mints.count <= needs.count + settings.ceiling, "more mints than anybody needs")
        if wasClosed { demand(!actions.contains { Self.name($0) == "mint" }, "minted after the end") }
        return actions
    }

    private mutating func note(_ action: TokenPool.Action) {
        seen.insert(Self.name(action))
        switch action {
        case .mint(let mint, let key, let time):
            demand(mints[mint] == nil && tokens[mint] == nil, "a mint begins twice")
            demand(key < pool.keys.count && time > .zero && time <= .seconds(10), "a mint makes no sense")
            mints[mint] = now
        case .cancelMint(let mint):
            demand(mints.removeValue(forKey: mint) != nil, "what does not go on is given up")
            cancelledMints.insert(mint)
        case .give(let token, let need):
            demand(needs.removeValue(forKey: need) != nil, "a token for nobody")
            use(token)
            demand(isGood(token), "a token was given that is too old")
        case .fail(let need, let failure):
            demand(needs.removeValue(forKey: need) != nil, "a failure for nobody")
            if let retryAfter = failure.retryAfter { demand(retryAfter > .zero, "come back in the past") }
        case .drop(let token, _): use(token)
        case .tell: break
        }
    }

    private mutating func use(_ token: UInt64) {
        demand(tokens[token] != nil, "a token that was not minted")
        demand(usedTokens.insert(token).inserted, "a token is used twice")
    }

    private func isGood(_ number: UInt64) -> Bool {
        guard let token = tokens[number], token.at < now else { return true }
        let byExpiry = token.lifetime.map { token.at + $0 - TokenPool.skewMargin } ?? now + .seconds(1)
        return now < token.begun + settings.maxAge && now < byExpiry
    }

    private static func name(_ action: TokenPool.Action) -> String {
        switch action {
        case .fail(_, .timedOut): "fail timedOut"
        case .fail(_, .closed): "fail closed"
        case .fail(_, let failure): "fail \(Mirror(reflecting: failure).children.first?.label ?? "")"
        case .tell(.mintCircuitClosed): "tell mintCircuitClosed"
        case .tell(.tokensExpireAtOnce): "tell tokensExpireAtOnce"
        case .tell(let notice): "tell \(Mirror(reflecting: notice).children.first?.label ?? "")"
        case .drop(_, let reason): "drop \(reason)"
        default: Mirror(reflecting: action).children.first?.label ?? ""
        }
    }

    private mutating func demand(_ promise: Bool, _ otherwise: String) {
        if !promise { broken.append("\(now): \(otherwise)") }
    }
}
