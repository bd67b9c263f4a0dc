import Testing

@testable import GatewayCore

@Suite("The token pool in trouble")
struct TokenPoolTroubleTests {
    private static func pool(floor: Int = 0, ceiling: Int = 0, keys: KeyRing = KeyRing(count: 1)) -> TokenPool {
        TokenPool(
            settings: TokenPoolSettings(floor: floor, ceiling: ceiling), keys: keys, mintTimeout: .seconds(10))
    }

    /// Lets needs fail until the breaker opens; the moment is 1 s.
    private static func opened() -> TokenPool {
        var pool = pool()
        for number in 1...UInt64(CircuitBreaker.threshold) {
            _ = pool.handle(.needed(number, deadline: .seconds(60)), at: .seconds(1), jitter: 0)
            _ = pool.handle(.mintFailed(number, .tls("no")), at: .seconds(1), jitter: 0)
        }
        return pool
    }

    @Test("after failures in a row needs are turned away at once, and one probe finds out when it is over")
    func circuit() {
        var pool = Self.opened()
        let refused = pool.handle(.needed(50, deadline: .seconds(60)), at: .milliseconds(1500), jitter: 0)
        #expect(refused == [.fail(50, .circuitOpen(retryAfter: .milliseconds(500)))])
        #expect(pool.obstacle(at: .milliseconds(1500)) == .circuitOpen(retryAfter: .milliseconds(500)))
        #expect(pool.obstacle(at: .seconds(2)) == nil)
        let probe = pool.handle(.needed(51, deadline: .seconds(62)), at: .seconds(2), jitter: 0)
        #expect(probe == [.mint(9, key: 0, within: .seconds(54))])
        #expect(
            pool.handle(.needed(52, deadline: .seconds(62)), at: .seconds(2), jitter: 0)
                == [.fail(52, .circuitOpen(retryAfter: .seconds(1)))])
        #expect(
            pool.handle(.minted(9, lifetime: nil), at: .seconds(3), jitter: 0)
                == [.tell(.mintCircuitClosed), .give(9, to: 51)])
        #expect(pool.obstacle(at: .seconds(3)) == nil)
    }

    @Test("those who pause between two tries are turned away when the breaker opens")
    func pausing() {
        var pool = Self.pool()
        _ = pool.handle(.needed(100, deadline: .seconds(60)), at: .zero, jitter: 1)
        _ = pool.handle(.mintFailed(1, .serverError(status: 500)), at: .zero, jitter: 1)
        for number in 2...UInt64(CircuitBreaker.threshold) - 1 {
            _ = pool.handle(.needed(number, deadline: .seconds(60)), at: .zero, jitter: 1)
            _ = pool.handle(.mintFailed(number, .noToken), at: .zero, jitter: 1)
        }
        #expect(pool.waiting == 1)
        _ = pool.handle(.needed(9, deadline: .seconds(60)), at: .zero, jitter: 1)
        let last = pool.handle(.mintFailed(8, .noToken), at: .zero, jitter: 1)
        #expect(last.contains(.tell(.mintCircuitOpened(.noToken))))
        #expect(pool.waiting == 0)
    }

    @Test("with a floor, the pool itself probes when the time has come")
    func ownProbe() {
        var pool = Self.pool(floor: 1, ceiling: 1)
        for _ in 1...CircuitBreaker.threshold { pool.breaker.failed(at: .zero, jitter: 0) }
        #expect(pool.handle(.timePassed, at: .zero, jitter: 0).isEmpty)
        #expect(pool.wakeAt(after: .zero) == .seconds(1))
        #expect(
            pool.handle(.timePassed, at: .seconds(1), jitter: 0) == [.mint(1, key: 0, within: .seconds(10))])
        #expect(
            pool.handle(.minted(1, lifetime: nil), at: .seconds(1), jitter: 0) == [.tell(.mintCircuitClosed)])
        #expect(pool.size == 1)
    }

    @Test("a token that is ready is given while the token endpoint is left alone")
    func readyWhileOpen() {
        var pool = Self.pool(floor: 1, ceiling: 1)
        _ = pool.handle(.timePassed, at: .zero, jitter: 0)
        _ = pool.handle(.minted(1, lifetime: nil), at: .zero, jitter: 0)
        for _ in 1...CircuitBreaker.threshold { pool.breaker.failed(at: .zero, jitter: 0) }
        #expect(pool.obstacle(at: .zero) == nil)
        #expect(pool.handle(.needed(1, deadline: .seconds(9)), at: .zero, jitter: 0) == [.give(1, to: 1)])
        #expect(pool.obstacle(at: .zero) != nil)
    }

    @Test("when one key is refused the next serves the very same need")
    func failover() {
        var pool = Self.pool(keys: KeyRing(count: 2))
        #expect(
            pool.handle(.needed(1, deadline: .seconds(10)), at: .zero, jitter: 0)
                == [.mint(1, key: 0, within: .seconds(9))])
        #expect(
            pool.handle(.mintFailed(1, .unauthorized(status: 401)), at: .zero, jitter: 0)
                == [.tell(.keyRefused(key: 0, status: 401)), .mint(2, key: 1, within: .seconds(9))])
        #expect(!pool.keys.isRefused)
        #expect(
            pool.handle(.mintFailed(2, .unauthorized(status: 403)), at: .zero, jitter: 0)
                == [.tell(.keyRefused(key: 1, status: 403)), .fail(1, .mint(.unauthorized(status: 403)))])
        #expect(pool.keys.isRefused)
    }

    @Test("when one key is slowed down the next serves the very same need")
    func limitedFailover() {
        var pool = Self.pool(keys: KeyRing(count: 2))
        _ = pool.handle(.needed(1, deadline: .seconds(10)), at: .zero, jitter: 0)
        #expect(
            pool.handle(.mintFailed(1, .rateLimited(retryAfter: .seconds(99))), at: .zero, jitter: 0)
                == [
                    .tell(.keyLimited(key: 0, retryAfter: .seconds(99))), .mint(2, key: 1, within: .seconds(9)),
                ])
    }

    @Test("a refused key is told of once, and rests between tries once it was refused three times")
    func refusedKey() {
        var pool = Self.pool()
        var notices = 0
        for number in 1...3 as ClosedRange<UInt64> {
            _ = pool.handle(.needed(number, deadline: .seconds(10)), at: .zero, jitter: 0)
            let actions = pool.handle(.mintFailed(number, .unauthorized(status: 401)), at: .zero, jitter: 0)
            notices += actions.count { if case .tell = $0 { true } else { false } }
        }
        #expect(notices == 1)
        #expect(
            pool.handle(.needed(4, deadline: .seconds(10)), at: .zero, jitter: 0)
                == [.fail(4, .keysRefused(retryAfter: .seconds(1)))])
        #expect(pool.obstacle(at: .zero) == .keysRefused(retryAfter: .seconds(1)))
        _ = pool.handle(.needed(5, deadline: .seconds(10)), at: .seconds(1), jitter: 0)
        #expect(
            pool.handle(.minted(4, lifetime: nil), at: .seconds(1), jitter: 0)
                == [.tell(.keyAccepted(key: 0)), .give(4, to: 5)])
        #expect(!pool.keys.isRefused)
    }

    @Test("new keys serve whoever still waits, and what an old key brings says nothing of them")
    func replacement() {
        var pool = Self.pool()
        _ = pool.handle(.needed(1, deadline: .seconds(10)), at: .zero, jitter: 0)
        #expect(pool.handle(.keysReplaced(KeyRing(count: 1)), at: .zero, jitter: 0).isEmpty)
        #expect(
            pool.handle(.mintFailed(1, .unauthorized(status: 401)), at: .zero, jitter: 0)
                == [.mint(2, key: 0, within: .seconds(9))])
        #expect(!pool.keys.isRefused)
    }

    @Test("after a 429 mints are spaced, and whose turn would come too late is told when to come back")
    func crowd() {
        var pool = Self.pool()
        for number in 1...20 as ClosedRange<UInt64> {
            _ = pool.handle(.needed(number, deadline: .seconds(11)), at: .zero, jitter: 0)
        }
        for number in 1...10 as ClosedRange<UInt64> {
            _ = pool.handle(.minted(number, lifetime: nil), at: .zero, jitter: 0)
        }
        let limit = MintFailure.rateLimited(retryAfter: .seconds(1))
        for number in 11...20 as ClosedRange<UInt64> {
            _ = pool.handle(.mintFailed(number, limit), at: .zero, jitter: 0)
        }
        // 10 were accepted within a second: 8 a second from now on, after the pause.
        #expect(pool.waiting == 10 && pool.wakeAt(after: .zero) == .seconds(1))
        #expect(pool.handle(.timePassed, at: .seconds(1), jitter: 0) == [.mint(21, key: 0, within: .seconds(9))])
        #expect(pool.wakeAt(after: .seconds(1)) == .milliseconds(1125))
        for number in 100...199 as ClosedRange<UInt64> {
            _ = pool.handle(.needed(number, deadline: .seconds(11)), at: .seconds(1), jitter: 0)
        }
        guard case .crowded(let first)? = pool.obstacle(at: .seconds(1)),
            case .crowded(let second)? = pool.obstacle(at: .seconds(1))
        else {
            Issue.record("nobody is turned away")
            return
        }
        #expect(first > .seconds(9))
        #expect(second - first == .milliseconds(125))
    }

    @Test("who is turned away is told times that follow each other, and never ones that lead nowhere")
    func returns() {
        var pool = Self.pool()
        _ = pool.handle(.needed(1, deadline: .seconds(10)), at: .zero, jitter: 0)
        _ = pool.handle(.mintFailed(1, .rateLimited(retryAfter: .seconds(20))), at: .zero, jitter: 0)
        let times = (1...100).map { _ in pool.obstacle(at: .zero)?.retryAfter ?? .zero }
        #expect(times.prefix(3) == [.seconds(21), .seconds(22), .seconds(23)])
        #expect(times.max() == .seconds(60) && times.min() == .seconds(20))
    }

    @Test("after the end every need fails, and nothing is minted")
    func closed() {
        var pool = Self.pool(floor: 1, ceiling: 2)
        _ = pool.handle(.needed(1, deadline: .seconds(10)), at: .zero, jitter: 0)
        let actions = pool.handle(.closed, at: .zero, jitter: 0)
        #expect(actions.contains(.fail(1, .closed)) && actions.contains(.cancelMint(1)))
        #expect(pool.handle(.needed(2, deadline: .seconds(10)), at: .zero, jitter: 0) == [.fail(2, .closed)])
        #expect(pool.obstacle(at: .zero) == .closed)
    }
}
