import GatewayCore
import Synchronization
import Testing

@testable import FennecUpstream

@Suite("The ledger of the token supply")
struct SupplyLedgerTests {
    private static func ledger(keys: [String], weights: [Int]) throws -> SupplyLedger {
        let ring = KeyRing(count: weights.count, weights: weights)
        let pool = TokenPool(settings: TokenPoolSettings(floor: 0, ceiling: 0), keys: ring, mintTimeout: .seconds(10))
        return SupplyLedger(pool: pool, keys: try keys.map(TokenMinter.key))
    }

    @Test("a mint with a key that is not there has failed, and is not under way for ever")
    func missingKey() throws {
        var ledger = try Self.ledger(keys: ["zq-first-key"], weights: [1, 9])
        let failures = Mutex<[TokenNeedFailure?]>([])
        let need = ledger.open({ result in failures.withLock { $0.append(result.failure) } }, at: .zero)
        for effect in ledger.handle(.needed(need, deadline: .seconds(10)), at: .zero, jitter: 0) {
            guard case .complete(let completion, let result) = effect else {
                Issue.record("\(effect)")
                continue
            }
            completion(result)
        }
        #expect(failures.withLock { $0 } == [.mint(.cancelled)])
        #expect(ledger.pool.minting == 0 && ledger.pool.waiting == 0)
    }

    @Test("keys come with their ring: what is asked for next carries one of them")
    func replacedKeys() throws {
        var ledger = try Self.ledger(keys: ["zq-first-key"], weights: [1])
        let keys = APIKeys(try ["zq-first-key", "zq-second-key"].map(TokenMinter.key), weights: [1, 9])
        _ = ledger.handle(.keysReplaced(keys.ring), keys: keys.secrets, at: .zero, jitter: 0)
        let need = ledger.open({ _ in }, at: .zero)
        let effects = ledger.handle(.needed(need, deadline: .seconds(10)), at: .zero, jitter: 0)
        guard case .mint(_, let key, _)? = effects.first else {
            Issue.record("\(effects)")
            return
        }
        #expect(key.withBytes { String(decoding: $0, as: UTF8.self) } == "zq-second-key")
    }

    @Test("a need that was given up is told nothing, and takes no token")
    func cancelled() throws {
        var ledger = try Self.ledger(keys: ["zq-first-key"], weights: [1])
        let first = ledger.open({ _ in Issue.record("told") }, at: .zero)
        let second = ledger.open({ _ in }, at: .zero)
        _ = ledger.handle(.needed(first, deadline: .seconds(10)), at: .zero, jitter: 0)
        _ = ledger.handle(.needed(second, deadline: .seconds(10)), at: .zero, jitter: 0)
        _ = ledger.handle(.cancelled(first), at: .zero, jitter: 0)
        let effects = ledger.handle(.closed, at: .zero, jitter: 0)
        #expect(effects.count { if case .complete = $0 { true } else { false } } == 1)
    }
}
