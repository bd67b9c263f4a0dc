import Testing

@testable import GatewayCore

@Suite("The ring of keys")
struct KeyRingTests {
    private static func served(by ring: inout KeyRing, _ count: Int, at now: Duration = .zero) -> [Int] {
        (0..<count).compactMap { _ in
            if case .use(let key) = ring.choose(at: now) { key } else { nil }
        }
    }

    @Test("in order, the first key serves as long as it may")
    func order() {
        var ring = KeyRing(count: 3)
        #expect(Self.served(by: &ring, 5) == [0, 0, 0, 0, 0])
    }

    @Test("with weights, each key serves in its proportion, evenly mixed")
    func weights() {
        var ring = KeyRing(count: 3, weights: [5, 3, 2])
        let served = Self.served(by: &ring, 100)
        #expect((0..<3).map { key in served.count { $0 == key } } == [50, 30, 20])
        #expect(Set(served.prefix(10)) == [0, 1, 2])
    }

    @Test("a refused key steps back, is told of once, and comes back for one try a minute later")
    func refused() {
        var ring = KeyRing(count: 2)
        #expect(ring.refused(0, at: .zero) == true)
        #expect(ring.refused(0, at: .zero) == false)
        #expect(Self.served(by: &ring, 2, at: .seconds(59)) == [1, 1])
        #expect(Self.served(by: &ring, 3, at: .seconds(60)) == [0, 1, 1])
        #expect(!ring.isRefused)
        #expect(ring.succeeded(0, begun: .seconds(60), at: .seconds(61)) == true)
        #expect(ring.succeeded(0, begun: .seconds(60), at: .seconds(61)) == false)
        #expect(Self.served(by: &ring, 2, at: .seconds(62)) == [0, 0])
    }

    @Test("when all are refused they are still tried, and rest between tries after the third refusal")
    func allRefused() {
        var ring = KeyRing(count: 1)
        for _ in 1...2 {
            #expect(ring.choose(at: .zero) == .use(0))
            _ = ring.refused(0, at: .zero)
        }
        #expect(ring.isRefused)
        #expect(ring.choose(at: .zero) == .use(0))
        var rests: [Duration] = []
        var now: Duration = .zero
        for _ in 1...8 {
            _ = ring.refused(0, at: now)
            guard case .refused(let until) = ring.look(at: now) else { break }
            rests.append(until - now)
            now = until
            #expect(ring.choose(at: now) == .use(0))
            #expect(ring.choose(at: now) == .refused(until: now + KeyRing.longestRest))
        }
        #expect(rests == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
    }

    @Test("a limited key makes way for another, and when all are limited the earliest moment is told")
    func limited() {
        var ring = KeyRing(count: 2)
        #expect(ring.limited(0, begun: .zero, retryAfter: .seconds(9), at: .zero) == true)
        #expect(Self.served(by: &ring, 1) == [1])
        #expect(ring.limited(1, begun: .zero, retryAfter: .seconds(5), at: .zero) == true)
        #expect(ring.choose(at: .seconds(1)) == .wait(until: .seconds(5), interval: .milliseconds(500)))
        #expect(Self.served(by: &ring, 1, at: .seconds(5)) == [1])
    }

    @Test("limited keys are waited for even when the others are refused")
    func limitedAndRefused() {
        var ring = KeyRing(count: 2)
        _ = ring.refused(0, at: .zero)
        _ = ring.limited(1, begun: .zero, retryAfter: .seconds(5), at: .zero)
        #expect(ring.choose(at: .zero) == .wait(until: .seconds(5), interval: .seconds(1)))
    }
}
