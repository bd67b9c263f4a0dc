@testable import GatewayCore

/// Every point of a pool's course that differs from the others in what events do there. The moment is always 1 s; a
/// need has the number 1, the mint for it as well, and the floor is 0 unless something is kept ready.
enum TokenPoolSituation: String, Sendable, CaseIterable {
    case empty, stocked, waiting, pausing, mintingAhead, limited, refused, open, probing, closed

    static let now: Duration = .seconds(1)
    static let deadline: Duration = .seconds(11)

    /// A pool that came here.
    var pool: TokenPool {
        let keepsReady = [.stocked, .mintingAhead].contains(self)
        var pool = TokenPool(
            settings: TokenPoolSettings(floor: keepsReady ? 1 : 0, ceiling: keepsReady ? 1 : 0),
            keys: KeyRing(count: 1), mintTimeout: .seconds(10))
        for event in script { _ = pool.handle(event, at: Self.now, jitter: 0.5) }
        return pool
    }

    private var script: [TokenPool.Event] {
        let need = TokenPool.Event.needed(1, deadline: Self.deadline)
        let failures = (1...UInt64(CircuitBreaker.threshold)).flatMap { number in
            [TokenPool.Event.needed(100 + number, deadline: Self.deadline), .mintFailed(number, .noToken)]
        }
        let refusals = (1...3 as ClosedRange<UInt64>).flatMap { number in
            [
                TokenPool.Event.needed(100 + number, deadline: Self.deadline),
                .mintFailed(number, .unauthorized(status: 401)),
            ]
        }
        return switch self {
        case .empty: []
        case .stocked: [.timePassed, .minted(1, lifetime: nil)]
        case .waiting: [need]
        case .pausing: [need, .mintFailed(1, .serverError(status: 500))]
        case .mintingAhead: [.timePassed]
        case .limited: [need, .mintFailed(1, .rateLimited(retryAfter: .seconds(2)))]
        case .refused: refusals
        case .open, .probing: failures
        case .closed: [.closed]
        }
    }

    /// When the events of the table come: later where that is what makes the situation.
    var moment: Duration { self == .probing ? .seconds(3) : Self.now }

    /// The pool at the moment of the table.
    var prepared: TokenPool {
        var pool = pool
        if self == .probing { _ = pool.handle(.needed(1, deadline: Self.deadline), at: moment, jitter: 0.5) }
        return pool
    }

    /// The number of the mint under way, where there is one.
    var mint: UInt64 { self == .probing ? UInt64(CircuitBreaker.threshold) + 1 : 1 }
}
