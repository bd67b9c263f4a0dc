import Testing

@testable import GatewayCore

@Suite("Looking names up")
struct NameCacheTests {
    private typealias Cache = NameCache<String>

    private static let patience = Cache.patience
    private static let stale = Cache.freshness
    private static let tooOld = Cache.longestAge

    /// What a name can be in, each reached by the events that lead there; all but the first have need 1 behind them.
    private enum Situation: String, CaseIterable {
        case unknown, asking, fresh, stale, askingAgain, slow, afterFailure, tooOld, askingLate

        /// The events, with their moments, and the moment in which the situation holds.
        var history: (steps: [(Duration, Cache.Event)], now: Duration) {
            let asked: (Duration, Cache.Event) = (.zero, .needed(1, name: "n"))
            let known = [asked, (.zero, .found("n", "old"))]
            let again: (Duration, Cache.Event) = (NameCacheTests.stale, .needed(2, name: "n"))
            let late: (Duration, Cache.Event) = (NameCacheTests.tooOld, .needed(2, name: "n"))
            return switch self {
            case .unknown: ([], .zero)
            case .asking: ([asked], .zero)
            case .fresh: (known, NameCacheTests.stale - .nanoseconds(1))
            case .stale: (known, NameCacheTests.stale)
            case .askingAgain: (known + [again], NameCacheTests.stale)
            case .slow: (known + [again], NameCacheTests.stale + NameCacheTests.patience)
            case .afterFailure:
                (known + [again, (NameCacheTests.stale, .failed("n", words: "x"))], NameCacheTests.stale)
            case .tooOld: (known, NameCacheTests.tooOld)
            case .askingLate: (known + [late], NameCacheTests.tooOld)
            }
        }
    }

    /// Every cell: what each situation makes of each event.
    private static let table: [Situation: [(event: Cache.Event, actions: [Cache.Action])]] = [
        .unknown: [
            (.needed(9, name: "n"), [.lookUp("n", patience: nil)]), (.cancelled(1), []), (.found("n", "new"), []),
            (.failed("n", words: "x"), []), (.timePassed, []),
        ],
        .asking: [
            (.needed(9, name: "n"), []), (.cancelled(1), []), (.found("n", "new"), [.give(1, "new")]),
            (.failed("n", words: "x"), [.refuse(1, words: "x")]), (.timePassed, []),
        ],
        .fresh: [
            (.needed(9, name: "n"), [.give(9, "old")]), (.cancelled(1), []), (.found("n", "new"), []),
            (.failed("n", words: "x"), []), (.timePassed, []),
        ],
        .stale: [
            (.needed(9, name: "n"), [.lookUp("n", patience: patience)]), (.cancelled(1), []),
            (.found("n", "new"), []), (.failed("n", words: "x"), []), (.timePassed, []),
        ],
        .askingAgain: [
            (.needed(9, name: "n"), []), (.cancelled(2), []), (.found("n", "new"), [.give(2, "new")]),
            (.failed("n", words: "x"), [.give(2, "old")]), (.timePassed, []),
        ],
        .slow: [
            (.needed(9, name: "n"), [.give(9, "old")]), (.cancelled(2), []), (.found("n", "new"), [.give(2, "new")]),
            (.failed("n", words: "x"), [.give(2, "old")]), (.timePassed, [.give(2, "old")]),
        ],
        .afterFailure: [
            (.needed(9, name: "n"), [.give(9, "old")]), (.cancelled(2), []), (.found("n", "new"), []),
            (.failed("n", words: "x"), []), (.timePassed, []),
        ],
        .tooOld: [
            (.needed(9, name: "n"), [.lookUp("n", patience: nil)]), (.cancelled(1), []), (.found("n", "new"), []),
            (.failed("n", words: "x"), []), (.timePassed, []),
        ],
        .askingLate: [
            (.needed(9, name: "n"), []), (.cancelled(2), []), (.found("n", "new"), [.give(2, "new")]),
            (.failed("n", words: "x"), [.refuse(2, words: "x")]), (.timePassed, []),
        ],
    ]

    @Test("every situation of a name answers every event", arguments: Situation.allCases.map(\.rawValue))
    func table(_ name: String) throws {
        let situation = try #require(Situation(rawValue: name))
        let cells = try #require(Self.table[situation])
        #expect(cells.count == 5)
        let (steps, now) = situation.history
        for cell in cells {
            var cache = Cache()
            for (moment, event) in steps { _ = cache.handle(event, at: moment) }
            #expect(cache.handle(cell.event, at: now) == cell.actions, "\(situation), \(cell.event)")
        }
    }

    @Test("a crowd waits for one look-up and is served in the order in which it came; who has left is not")
    func crowd() {
        var cache = Cache()
        var actions: [Cache.Action] = []
        for need in 1...100 { actions += cache.handle(.needed(UInt64(need), name: "n"), at: .zero) }
        #expect(actions == [.lookUp("n", patience: nil)])
        #expect(cache.handle(.cancelled(50), at: .zero).isEmpty)
        let others = (1...100).filter { $0 != 50 }.map { Cache.Action.give(UInt64($0), "a") }
        #expect(cache.handle(.found("n", "a"), at: .seconds(2)) == others)
        #expect(cache.handle(.needed(101, name: "n"), at: .seconds(3)) == [.give(101, "a")])
    }

    @Test("while look-ups fail, one is made in each span of freshness and the old answer serves, until it is too old")
    func outage() {
        var cache = Cache()
        _ = cache.handle(.needed(1, name: "n"), at: .zero)
        _ = cache.handle(.found("n", "old"), at: .zero)
        var (need, lookUps, refused) = (UInt64(1), 0, [Duration]())
        for second in 0...3700 {
            let now = Duration.seconds(second)
            need += 1
            var actions = cache.handle(.needed(need, name: "n"), at: now)
            if case .lookUp? = actions.first {
                lookUps += 1
                actions = cache.handle(.failed("n", words: "x"), at: now)
            }
            if actions == [.refuse(need, words: "x")] {
                refused.append(now)
            } else {
                #expect(actions == [.give(need, "old")])
            }
        }
        #expect(refused.first.map { $0 >= Cache.longestAge && $0 <= Cache.longestAge + Cache.freshness } == true)
        #expect(lookUps - refused.count <= 3605 / 5)
    }

    @Test("a name that is not there is looked up anew for the next who needs it")
    func missing() {
        var cache = Cache()
        for need in UInt64(1)...3 {
            #expect(cache.handle(.needed(need, name: "n"), at: .zero) == [.lookUp("n", patience: nil)])
            #expect(cache.handle(.failed("n", words: "gone"), at: .zero) == [.refuse(need, words: "gone")])
        }
    }

    @Test("names are apart, and few: the oldest answer makes way for a new name, a look-up under way does not")
    func bound() {
        var cache = Cache()
        for number in 1...Cache.mostNames {
            let name = "n\(number)"
            #expect(cache.handle(.needed(UInt64(number), name: name), at: .zero) == [.lookUp(name, patience: nil)])
        }
        let refused = Cache.Action.refuse(99, words: "too many names are being looked up")
        #expect(cache.handle(.needed(99, name: "more"), at: .zero) == [refused])
        for number in 1...Cache.mostNames {
            let now = Duration.milliseconds(number)
            #expect(cache.handle(.found("n\(number)", "a\(number)"), at: now) == [.give(UInt64(number), "a\(number)")])
        }
        let now = Duration.seconds(1)
        #expect(cache.handle(.needed(100, name: "more"), at: now) == [.lookUp("more", patience: nil)])
        #expect(cache.handle(.needed(101, name: "n2"), at: now) == [.give(101, "a2")])
        #expect(cache.handle(.needed(102, name: "n1"), at: now) == [.lookUp("n1", patience: nil)])
    }
}
