/// Tokens that are minted before they are needed, each given away once. It decides who gets which token, when to mint
/// and with which key, and when to give up; it holds numbers only, the shell has the tokens. Time is since any fixed
/// moment, on a clock that never goes back.
///
/// A need takes the token that is good for the shortest time. Without one it waits, and as many mints are under way as
/// needs wait: whatever token comes first goes to whoever has waited longest. Ahead of needs as many tokens are kept
/// as came to be needed in the last half of a token's life, between the floor and the ceiling.
package struct TokenPool: Sendable, Equatable {
    /// What happened.
    package enum Event: Sendable, Equatable {
        /// A session needs a token before this moment; needs have numbers of their own.
        case needed(UInt64, deadline: Duration)
        /// It does not need it any more.
        case cancelled(UInt64)
        /// A mint brought its token, which expires after this time, if it says so, by the wall clock.
        case minted(UInt64, lifetime: Duration?)
        case mintFailed(UInt64, MintFailure)
        /// These keys replace all others.
        case keysReplaced(KeyRing)
        /// The moment of `wakeAt` has come.
        case timePassed
        /// The end: nothing is minted any more.
        case closed
    }

    /// What to do now, in order. Tokens bear the numbers of their mints.
    package enum Action: Sendable, Equatable {
        /// Ask for a token with this key, for this long at most; `minted` or `mintFailed` must follow.
        case mint(UInt64, key: Int, within: Duration)
        /// Give a mint up; what becomes of it is of no interest.
        case cancelMint(UInt64)
        case give(UInt64, to: UInt64)
        case fail(UInt64, TokenNeedFailure)
        /// Forget a token.
        case drop(UInt64, DropReason)
        case tell(UpstreamNotice)
    }

    /// Why a token was never used.
    package enum DropReason: Sendable, Equatable {
        case expired
        /// More came than may be kept.
        case surplus
    }

    struct Need: Sendable, Equatable {
        let number: UInt64
        let since: Duration
        let deadline: Duration
        /// Mints that failed on its account.
        var failures = 0
        /// No mint begins on its account before this moment.
        var pausedUntil: Duration = .zero
    }

    struct Mint: Sendable, Equatable {
        let number: UInt64
        let key: Int
        let generation: Int
        let begun: Duration
        let isProbe: Bool
    }

    /// A token is not used in this last part of its life, by its own account: clocks differ.
    package static let skewMargin: Duration = .seconds(5)
    /// Mints for one need.
    static let mostAttempts = 3
    /// A mint with less time than this is not worth beginning.
    static let leastTime: Duration = .milliseconds(100)
    /// Time that a turn in a crowd must leave before the deadline: for the mint, and for the stream that is opened
    /// with its token.
    var turnMargin: Duration { max(Self.leastTime, mintTimeout * (1 - Self.mintShare)) }
    /// The pause before the second mint for a need is drawn from this span, and from twice as long before the third.
    static let retryPause: Duration = .milliseconds(200)
    /// Of the time that a need has left a mint gets this part; the rest is for what the token is needed for.
    static let mintShare = 0.9
    /// Nobody who is turned away because of the crowd is told to wait longer, unless the service itself asks for it.
    static let longestReturn: Duration = .seconds(60)
    /// Refills begin so far apart, unless needs come faster than half as often.
    static let refillInterval: Duration = .milliseconds(25)

    let settings: TokenPoolSettings
    /// The longest time that a refill may take.
    let mintTimeout: Duration
    package internal(set) var keys: KeyRing
    package internal(set) var breaker = CircuitBreaker()
    var stock = TokenStock()
    var needs: [Need] = []
    var mints: [Mint] = []
    var arrivals: ArrivalWindow
    var refill = RefillPace()
    var lastMint: UInt64 = 0
    /// Counts replacements of the keys: what an old key brought says nothing of a new one.
    var generation = 0
    var hasToldOfUselessness = false
    /// The moment for which the last of those who were told to come back was told.
    var lastReturn: Duration = .zero
    package internal(set) var isClosed = false

    /// An empty pool; the first `timePassed` begins to fill it.
    package init(settings: TokenPoolSettings, keys: KeyRing, mintTimeout: Duration) {
        self.settings = settings
        self.keys = keys
        self.mintTimeout = mintTimeout
        arrivals = ArrivalWindow(span: max(settings.maxAge / 2, .milliseconds(1)))
    }

    /// How many tokens are ready.
    package var size: Int { stock.count }
    /// How many needs wait.
    package var waiting: Int { needs.count }
    /// How many mints are under way.
    package var minting: Int { mints.count }

    /// How many tokens should be ready.
    package func target(at now: Duration) -> Int {
        min(max(arrivals.count(at: now), settings.floor), settings.ceiling)
    }

    /// Takes an event; says what to do.
    /// - Parameter jitter: From 0 up to 1, drawn anew for each event.
    package mutating func handle(_ event: Event, at now: Duration, jitter: Double) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .needed(let number, let deadline): needed(number, deadline, now, &actions)
        case .cancelled(let number): needs.removeAll { $0.number == number }
        case .minted(let number, let lifetime): minted(number, lifetime, now, jitter, &actions)
        case .mintFailed(let number, let failure): failed(number, failure, now, jitter, &actions)
        case .keysReplaced(let ring): replaceKeys(ring)
        case .timePassed: break
        case .closed: close(&actions)
        }
        if !isClosed { settle(now, &actions) }
        return actions
    }
}
