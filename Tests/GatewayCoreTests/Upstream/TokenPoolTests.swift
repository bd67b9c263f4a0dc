import Testing

@testable import GatewayCore

@Suite("The token pool")
struct TokenPoolTests {
    private static func pool(
        floor: Int = 0, ceiling: Int = 4, maxAge: Duration = .seconds(20), keys: KeyRing = KeyRing(count: 1)
    ) -> TokenPool {
        TokenPool(
            settings: TokenPoolSettings(floor: floor, ceiling: ceiling, maxAge: maxAge), keys: keys,
            mintTimeout: .seconds(10))
    }

    /// What the events, given with their moments in ms, lead to in the end.
    private static func run(
        _ pool: inout TokenPool, _ events: [(at: Int, event: TokenPool.Event)]
    ) -> [TokenPool.Action] {
        events.reduce([]) { _, each in pool.handle(each.event, at: .milliseconds(each.at), jitter: 0.5) }
    }

    @Test("on demand, a need begins its mint and gets its token")
    func onDemand() {
        var pool = Self.pool(ceiling: 0)
        #expect(
            pool.handle(.needed(1, deadline: .seconds(10)), at: .zero, jitter: 0)
                == [.mint(1, key: 0, within: .seconds(9))])
        #expect(pool.handle(.minted(1, lifetime: nil), at: .seconds(1), jitter: 0) == [.give(1, to: 1)])
        #expect(pool.wakeAt(after: .seconds(1)) == nil)
    }

    @Test("on demand, a need that is given up takes its mint along")
    func cancelled() {
        var pool = Self.pool(ceiling: 0)
        #expect(
            Self.run(&pool, [(0, .needed(1, deadline: .seconds(10))), (1, .cancelled(1))]) == [.cancelMint(1)])
    }

    @Test("with a pool, the token of a need that is given up is kept for the next")
    func kept() {
        var pool = Self.pool()
        #expect(Self.run(&pool, [(0, .needed(1, deadline: .seconds(10))), (1, .cancelled(1))]).isEmpty)
        #expect(Self.run(&pool, [(100, .minted(1, lifetime: nil))]).isEmpty)
        #expect(pool.size == 1)
        #expect(Self.run(&pool, [(200, .needed(2, deadline: .seconds(10)))]).first == .give(1, to: 2))
    }

    @Test("concurrent needs share mints one to one, and whoever waits longest is served first")
    func sharing() {
        var pool = Self.pool(ceiling: 0)
        for need in 1...3 {
            _ = pool.handle(.needed(UInt64(need), deadline: .seconds(10)), at: .zero, jitter: 0)
        }
        #expect(pool.minting == 3)
        #expect(Self.run(&pool, [(5, .minted(3, lifetime: nil))]) == [.give(3, to: 1)])
        #expect(Self.run(&pool, [(6, .minted(1, lifetime: nil))]) == [.give(1, to: 2)])
        #expect(pool.minting == 1)
    }

    @Test("a need takes the mint ahead that is under way instead of beginning its own")
    func sharingAhead() {
        var pool = Self.pool(floor: 1)
        #expect(Self.run(&pool, [(0, .timePassed)]) == [.mint(1, key: 0, within: .seconds(10))])
        #expect(Self.run(&pool, [(1, .needed(1, deadline: .seconds(10)))]).isEmpty)
        #expect(Self.run(&pool, [(2, .minted(1, lifetime: nil))]).first == .give(1, to: 1))
    }

    @Test("the floor is filled one mint after the other, not in a burst")
    func filling() {
        var pool = Self.pool(floor: 4)
        #expect(pool.handle(.timePassed, at: .zero, jitter: 0).count == 1)
        #expect(pool.wakeAt(after: .zero) == .milliseconds(25))
        #expect(pool.handle(.timePassed, at: .milliseconds(24), jitter: 0).isEmpty)
        for step in 1...3 {
            #expect(pool.handle(.timePassed, at: .milliseconds(25 * step), jitter: 0).count == 1)
        }
        #expect(pool.handle(.timePassed, at: .milliseconds(100), jitter: 0).isEmpty)
    }

    @Test("refills begin twice as fast as needs came, even when more came than may be kept ready")
    func refillRate() {
        var pool = Self.pool(floor: 4, ceiling: 4)
        for need in 1...1000 as ClosedRange<UInt64> {
            _ = pool.handle(.needed(need, deadline: .seconds(99)), at: .zero, jitter: 0)
            _ = pool.handle(.cancelled(need), at: .zero, jitter: 0)
        }
        for mint in 1...pool.lastMint { _ = pool.handle(.mintFailed(mint, .cancelled), at: .zero, jitter: 0) }
        #expect(pool.handle(.timePassed, at: .milliseconds(100), jitter: 0).count == 1)
        #expect(pool.wakeAt(after: .milliseconds(100)) == .milliseconds(105))
    }

    @Test("the target follows the needs of the last half of a token's life, between floor and ceiling")
    func target() {
        var pool = Self.pool(floor: 1, ceiling: 8)
        #expect(pool.target(at: .zero) == 1)
        for need in 1...20 as ClosedRange<UInt64> {
            let now: Duration = need <= 5 ? .seconds(1) : .seconds(2)
            _ = pool.handle(.needed(need, deadline: .seconds(99)), at: now, jitter: 0)
            if need == 5 { #expect(pool.target(at: .seconds(2)) == 5) }
        }
        #expect(pool.target(at: .seconds(2)) == 8)
        #expect(pool.target(at: .seconds(15)) == 8)
        #expect(pool.target(at: .seconds(40)) == 1)
    }

    @Test("a token is dropped at its age, counted from the beginning of its mint, and its replacement is there then")
    func age() {
        var pool = Self.pool(floor: 1)
        _ = Self.run(&pool, [(0, .timePassed), (200, .minted(1, lifetime: nil))])
        #expect(pool.wakeAt(after: .milliseconds(200)) == .milliseconds(19_800))
        #expect(Self.run(&pool, [(19_800, .timePassed)]) == [.mint(2, key: 0, within: .seconds(10))])
        #expect(pool.wakeAt(after: .milliseconds(19_900)) == .seconds(20))
        #expect(Self.run(&pool, [(20_000, .timePassed)]) == [.drop(1, .expired)])
        #expect(Self.run(&pool, [(20_001, .needed(1, deadline: .seconds(30)))]).allSatisfy { $0 != .give(1, to: 1) })
    }

    @Test("a token that says when it expires is not used in the last 5 s before")
    func expiry() {
        var pool = Self.pool(floor: 1)
        _ = Self.run(&pool, [(0, .timePassed), (0, .minted(1, lifetime: .seconds(12)))])
        #expect(Self.run(&pool, [(6_999, .needed(1, deadline: .seconds(20)))]).first == .give(1, to: 1))
        pool = Self.pool(floor: 1)
        _ = Self.run(&pool, [(0, .timePassed), (0, .minted(1, lifetime: .seconds(12)))])
        #expect(Self.run(&pool, [(7_000, .needed(1, deadline: .seconds(20)))]).first == .drop(1, .expired))
    }

    @Test("tokens that expire at once are told of once, serve those who wait, and are not minted ahead in a storm")
    func uselessTokens() {
        var pool = Self.pool(floor: 1)
        let first = Self.run(&pool, [(0, .timePassed), (1, .minted(1, lifetime: .seconds(5)))])
        #expect(first == [.drop(1, .expired), .tell(.tokensExpireAtOnce)])
        #expect(pool.wakeAt(after: .milliseconds(1)) == .milliseconds(751))
        #expect(
            Self.run(&pool, [(751, .timePassed), (752, .minted(2, lifetime: .seconds(-60)))]) == [.drop(2, .expired)])
        #expect(pool.wakeAt(after: .milliseconds(752)).map { $0 >= .milliseconds(2252) } == true)
        _ = Self.run(&pool, [(800, .needed(1, deadline: .seconds(9)))])
        #expect(Self.run(&pool, [(801, .minted(3, lifetime: .zero))]).first == .give(3, to: 1))
    }

    @Test("a failure that another try may mend is tried again after a pause, three times in all")
    func retries() {
        var pool = Self.pool(ceiling: 0)
        _ = Self.run(&pool, [(0, .needed(1, deadline: .seconds(10)))])
        #expect(Self.run(&pool, [(10, .mintFailed(1, .serverError(status: 500)))]).isEmpty)
        #expect(pool.wakeAt(after: .milliseconds(10)) == .milliseconds(110))
        #expect(Self.run(&pool, [(110, .timePassed)]) == [.mint(2, key: 0, within: .milliseconds(8901))])
        #expect(Self.run(&pool, [(120, .mintFailed(2, .unreachable("no")))]).isEmpty)
        #expect(Self.run(&pool, [(320, .timePassed)]).count == 1)
        #expect(Self.run(&pool, [(330, .mintFailed(3, .unreachable("no")))]) == [.fail(1, .mint(.unreachable("no")))])
    }

    @Test("no other try is made when the time does not allow it")
    func noTime() {
        var pool = Self.pool(ceiling: 0)
        _ = Self.run(&pool, [(0, .needed(1, deadline: .seconds(1)))])
        let failure = MintFailure.serverError(status: 500)
        #expect(Self.run(&pool, [(850, .mintFailed(1, failure))]) == [.fail(1, .mint(failure))])
    }

    @Test(
        "a failure that no other try mends is passed on at once",
        arguments: [
            .noToken, .notJSON, .bodyTooLarge, .unexpectedStatus(404), .tls("no"), .internal("no"), .timedOut,
            .unauthorized(status: 401),
        ] as [MintFailure])
    func finalFailures(failure: MintFailure) {
        var pool = Self.pool(ceiling: 0)
        _ = Self.run(&pool, [(0, .needed(1, deadline: .seconds(10)))])
        #expect(Self.run(&pool, [(10, .mintFailed(1, failure))]).contains(.fail(1, .mint(failure))))
    }

    @Test("a need that shared a mint ahead which took too long still gets a mint of its own")
    func sharedTimeout() {
        var pool = Self.pool(floor: 1, ceiling: 1)
        let deadline = Duration.milliseconds(20_100)
        _ = Self.run(
            &pool, [(0, .timePassed), (9_000, .needed(1, deadline: deadline)), (9_000, .needed(2, deadline: deadline))])
        #expect(pool.minting == 2)
        #expect(Self.run(&pool, [(10_000, .mintFailed(1, .timedOut))]).isEmpty)
        #expect(Self.run(&pool, [(10_100, .timePassed)]) == [.mint(3, key: 0, within: .seconds(9))])
    }

    @Test("a need fails at its deadline, whatever its mint does")
    func deadline() {
        var pool = Self.pool(ceiling: 0)
        _ = Self.run(&pool, [(0, .needed(1, deadline: .seconds(10)))])
        #expect(pool.wakeAt(after: .zero) == .seconds(10))
        #expect(Self.run(&pool, [(10_000, .timePassed)]) == [.fail(1, .timedOut), .cancelMint(1)])
    }
}
