/// Which of several API keys serves the next mint: the first that may, or each as often as its weight says. A key that
/// the service refuses (401, 403) or slows down (429) steps back, and another serves.
package struct KeyRing: Sendable, Equatable {
    /// What to ask for a token with.
    enum Choice: Sendable, Equatable {
        case use(Int)
        /// All keys that are not refused rest until this moment; from then on one serves in each interval.
        case wait(until: Duration, interval: Duration)
        /// All keys are refused; one is tried again at this moment.
        case refused(until: Duration)
    }

    private struct Key: Sendable, Equatable {
        var weight: Int
        var credit = 0
        var pace = MintPace()
        /// 401s and 403s in a row.
        var refusals = 0
        /// A refused key is left alone before this moment.
        var restsUntil: Duration = .zero

        var isRefused: Bool { refusals > 0 }
    }

    /// So many refusals in a row are taken to be the service's mood; from then on a key rests between two tries.
    static let refusalsBeforeRest = 3
    private static let shortestRest: Duration = .seconds(1)
    /// The longest time between two tries of a refused key, and how long it waits while others serve.
    static let longestRest: Duration = .seconds(60)

    private var keys: [Key]
    private let isWeighted: Bool

    /// - Parameter weights: One for each key, at least 1; `nil` in place of all: the first that may serves.
    /// - Parameter count: How many keys there are, at least one.
    package init(count: Int, weights: [Int]? = nil) {
        isWeighted = weights != nil
        keys = (0..<max(count, 1)).map { index in
            Key(weight: weights.flatMap { index < $0.count ? max($0[index], 1) : nil } ?? 1)
        }
    }

    /// How many keys there are.
    package var count: Int { keys.count }
    /// Whether the service refuses every key.
    package var isRefused: Bool { keys.allSatisfy(\.isRefused) }

    /// Takes a key for a mint that begins now.
    mutating func choose(at now: Duration) -> Choice {
        let choice = look(at: now)
        guard case .use(let index) = choice else { return choice }
        if isWeighted { spendCredit(on: index, at: now) }
        keys[index].pace.started(at: now)
        // One try at a time: what comes of it decides whether there are more.
        let isTry = keys[index].refusals >= Self.refusalsBeforeRest || keys[index].isRefused && !isRefused
        if isTry { keys[index].restsUntil = now + Self.longestRest }
        return choice
    }

    /// What `choose` would answer; nothing is taken.
    func look(at now: Duration) -> Choice {
        let healthy = keys.indices.filter { !keys[$0].isRefused }
        let due = keys.indices.filter { keys[$0].isRefused && keys[$0].restsUntil <= now }
        // A refused key comes back for one try even while others serve, or an ordered list would never return to it.
        let open = (healthy + due).filter { keys[$0].pace.earliest(at: now) <= now }
        if let index = isWeighted ? open.max(by: { credit($0) < credit($1) }) : open.min() { return .use(index) }
        guard !healthy.isEmpty || !due.isEmpty else {
            return .refused(until: keys.map(\.restsUntil).min() ?? now)
        }
        let next = (healthy + due).map { keys[$0].pace.earliest(at: now) }.min() ?? now
        let rate = (healthy + due).reduce(0.0) { $0 + Self.perSecond(keys[$1].pace.interval) }
        return .wait(until: next, interval: .seconds(1) / max(rate, 1e-3))
    }

    /// A mint with this key brought a token.
    /// - Returns: Whether the key had been refused before.
    mutating func succeeded(_ index: Int, begun: Duration, at now: Duration) -> Bool {
        keys[index].pace.succeeded(begun: begun, at: now)
        defer { (keys[index].refusals, keys[index].restsUntil) = (0, .zero) }
        return keys[index].isRefused
    }

    /// A mint with this key was answered with 401 or 403.
    /// - Returns: Whether that is news.
    mutating func refused(_ index: Int, at now: Duration) -> Bool {
        keys[index].refusals += 1
        let excess = keys[index].refusals - Self.refusalsBeforeRest
        let othersServe = keys.contains { !$0.isRefused }
        if othersServe {
            keys[index].restsUntil = now + Self.longestRest
        } else if excess >= 0 {
            keys[index].restsUntil = now + min(Self.shortestRest * (1 << min(excess, 10)), Self.longestRest)
        }
        return keys[index].refusals == 1
    }

    /// A mint with this key was answered with 429.
    /// - Returns: Whether that is news.
    mutating func limited(_ index: Int, begun: Duration, retryAfter: Duration?, at now: Duration) -> Bool {
        keys[index].pace.refused(begun: begun, retryAfter: retryAfter, at: now)
    }

    // MARK: Weights

    private func credit(_ index: Int) -> Int { keys[index].credit + keys[index].weight }

    /// Smooth weighted round robin: whoever may serve earns its weight, and who serves pays all of it.
    private mutating func spendCredit(on index: Int, at now: Duration) {
        let open = keys.indices.filter { !keys[$0].isRefused || keys[$0].restsUntil <= now }
        for each in open { keys[each].credit += keys[each].weight }
        keys[index].credit -= open.reduce(0) { $0 + keys[$1].weight }
    }

    private static func perSecond(_ interval: Duration) -> Double {
        interval > .zero ? Duration.seconds(1) / interval : 1
    }
}
