import Testing

@testable import GatewayCore

@Suite("The pace of minting")
struct MintPaceTests {
    private static let start: Duration = .seconds(1000)

    /// A pace that has seen so many tokens within a second.
    private static func pace(accepted: Int) -> MintPace {
        var pace = MintPace()
        for _ in 0..<accepted {
            pace.started(at: start)
            pace.succeeded(begun: start, at: start)
        }
        return pace
    }

    @Test("knows no limit before the first refusal")
    func free() {
        let pace = Self.pace(accepted: 500)
        #expect(pace.interval == .zero && pace.earliest(at: Self.start) <= Self.start)
    }

    @Test("waits as the service asks, then keeps to four fifths of what was accepted in a second")
    func learning() {
        var pace = Self.pace(accepted: 50)
        #expect(pace.refused(begun: Self.start, retryAfter: .seconds(3), at: Self.start) == true)
        #expect(pace.interval == .milliseconds(25))
        #expect(pace.earliest(at: Self.start) == Self.start + .seconds(3))
        pace.started(at: Self.start + .seconds(3))
        #expect(pace.earliest(at: Self.start + .seconds(3)) == Self.start + .milliseconds(3025))
    }

    @Test("learns from what was under way at the first refusal, refused or accepted")
    func underWay() {
        var pace = Self.pace(accepted: 10)
        #expect(pace.refused(begun: Self.start, retryAfter: nil, at: Self.start) == true)
        #expect(pace.refused(begun: Self.start - .seconds(1), retryAfter: nil, at: Self.start) == false)
        #expect(pace.interval == .milliseconds(125))
        for _ in 1...10 { pace.succeeded(begun: Self.start - .seconds(1), at: Self.start) }
        #expect(pace.interval == .seconds(1) / 16)
    }

    @Test("a further refusal halves the rate, down to one a minute")
    func halving() {
        var pace = MintPace()
        var now = Self.start
        for _ in 1...10 {
            #expect(pace.refused(begun: now, retryAfter: .zero, at: now) == true)
            now += .seconds(1)
        }
        #expect(pace.interval == .seconds(60))
    }

    @Test("without Retry-After the pause doubles with each refusal in a row, up to 30 s")
    func ownPause() {
        var pace = MintPace()
        var now = Self.start
        var pauses: [Duration] = []
        for _ in 1...7 {
            _ = pace.refused(begun: now, retryAfter: nil, at: now)
            pauses.append(pace.earliest(at: now) - now)
            now += .seconds(100)
        }
        #expect(pauses == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
    }

    @Test("forgets the limit five minutes after the last refusal")
    func forgetting() {
        var pace = Self.pace(accepted: 5)
        _ = pace.refused(begun: Self.start, retryAfter: nil, at: Self.start)
        pace.started(at: Self.start + .seconds(299))
        #expect(pace.interval > .zero)
        pace.started(at: Self.start + .seconds(300))
        #expect(pace.interval == .zero)
    }

    @Test("remembers no more than its bound of accepted mints")
    func bound() {
        var pace = Self.pace(accepted: MintPace.mostRemembered * 2)
        _ = pace.refused(begun: Self.start, retryAfter: nil, at: Self.start)
        #expect(pace.interval == .seconds(1) / (Double(MintPace.mostRemembered) * 0.8))
    }
}
