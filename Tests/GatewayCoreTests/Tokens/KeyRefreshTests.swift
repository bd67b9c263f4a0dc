import GatewayCore
import Testing

@Suite("When keys are fetched")
struct KeyRefreshTests {
    private enum Event {
        case succeeded, failed, missed
    }

    /// Whether an attempt begins at each of these seconds, after what happened just before.
    private static func begins(_ events: [(at: Int, Event?)]) -> [Bool] {
        var refresh = KeyRefresh(interval: .seconds(100), now: .zero)
        return events.map { second, event in
            let now = Duration.seconds(second)
            switch event {
            case .succeeded: refresh.succeeded(now: now)
            case .failed: refresh.failed(now: now, jitter: 1)
            case .missed: refresh.missedKey(now: now)
            case nil: break
            }
            return refresh.begin(now: now)
        }
    }

    @Test("at once, then when the interval is over, never twice at a time")
    func interval() {
        let begins = Self.begins([(0, nil), (1, nil), (2, .succeeded), (101, nil), (102, nil), (500, nil)])
        #expect(begins == [true, false, false, false, true, false])
    }

    @Test("after failures ever later, up to a minute, and after a success as usual")
    func backOff() {
        let events: [(Int, Event?)] = [
            (0, nil), (0, .failed), (1, nil), (1, .failed), (2, nil), (3, nil), (3, .failed), (6, nil), (7, nil),
            (7, .succeeded), (106, nil), (107, nil),
        ]
        #expect(
            Self.begins(events) == [
                true, false, true, false, false, true, false, false, true, false, false, true,
            ])
        var refresh = KeyRefresh(interval: .seconds(1000), now: .zero)
        for _ in 0..<40 { refresh.failed(now: .zero, jitter: 1) }
        let begins = [59, 60].map { refresh.begin(now: .seconds($0)) }
        #expect(begins == [false, true])
    }

    @Test("never later than the interval, whatever fails")
    func short() {
        var refresh = KeyRefresh(interval: .seconds(10), now: .zero)
        for _ in 0..<10 { refresh.failed(now: .zero, jitter: 1) }
        let begins = [9, 10].map { refresh.begin(now: .seconds($0)) }
        #expect(begins == [false, true])
    }

    @Test("when a token names another key, but not more often than every ten seconds, and not while fetching fails")
    func missedKey() {
        let events: [(Int, Event?)] = [
            (0, nil), (1, .succeeded), (2, .missed), (9, .missed), (10, nil), (10, .succeeded), (30, .missed),
            (30, .failed), (30, .missed), (31, nil),
        ]
        #expect(
            Self.begins(events) == [true, false, false, false, true, false, true, false, false, true])
    }
}
