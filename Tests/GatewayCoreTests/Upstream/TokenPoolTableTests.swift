import Testing

@testable import GatewayCore

@Suite("The token pool, cell by cell")
struct TokenPoolTableTests {
    private typealias Row = [TokenPool.Action]

    /// The events, in the order of the table's columns.
    private static func events(_ mint: UInt64) -> [TokenPool.Event] {
        [
            .needed(2, deadline: TokenPoolSituation.deadline), .cancelled(1), .minted(mint, lifetime: nil),
            .mintFailed(mint, .noToken), .keysReplaced(KeyRing(count: 1)), .timePassed, .closed,
        ]
    }

    private static func row(_ situation: TokenPoolSituation) -> [Row] {
        let begins = { (number: UInt64) in Row([.mint(number, key: 0, within: .seconds(9))]) }
        let surplus: Row = [.drop(situation.mint, .surplus)]
        switch situation {
        case .empty: return [begins(1), [], surplus, [], [], [], []]
        case .stocked:
            return [[.give(1, to: 2)], [], surplus, [], [], [], [.drop(1, .expired)]]
        case .waiting:
            return [
                begins(2), [.cancelMint(1)], [.give(1, to: 1)], [.fail(1, .mint(.noToken))], [], [],
                [.fail(1, .closed), .cancelMint(1)],
            ]
        case .pausing: return [begins(2), [], surplus, [], [], [], [.fail(1, .closed)]]
        case .mintingAhead: return [[], [], [], [], [], [], [.cancelMint(1)]]
        case .limited: return [[], [], surplus, [], begins(2), [], [.fail(1, .closed)]]
        case .refused:
            return [[.fail(2, .keysRefused(retryAfter: .seconds(1)))], [], surplus, [], [], [], []]
        case .open:
            return [[.fail(2, .circuitOpen(retryAfter: .milliseconds(1250)))], [], surplus, [], [], [], []]
        case .probing:
            return [
                [.fail(2, .circuitOpen(retryAfter: .seconds(1)))], [.cancelMint(9)],
                [.tell(.mintCircuitClosed), .give(9, to: 1)], [.fail(1, .mint(.noToken))], [], [],
                [.fail(1, .closed), .cancelMint(9)],
            ]
        case .closed: return [[.fail(2, .closed)], [], surplus, [], [], [], []]
        }
    }

    @Test("does in every situation with every event what the table says", arguments: TokenPoolSituation.allCases)
    func table(situation: TokenPoolSituation) {
        for (event, expected) in zip(Self.events(situation.mint), Self.row(situation)) {
            var pool = situation.prepared
            let actions = pool.handle(event, at: situation.moment, jitter: 0.5)
            #expect(actions == expected, "\(situation), \(event)")
        }
    }

    @Test("sets its alarm in every situation", arguments: TokenPoolSituation.allCases)
    func alarms(situation: TokenPoolSituation) {
        let expected: [TokenPoolSituation: Duration] = [
            .stocked: .seconds(21), .waiting: .seconds(11), .pausing: .milliseconds(1100), .limited: .seconds(3),
            .probing: .seconds(11),
        ]
        #expect(situation.prepared.wakeAt(after: situation.moment) == expected[situation])
    }
}
