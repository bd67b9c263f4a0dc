import GatewayCore
import GatewayCoreTesting
import Testing

@Suite("Token buckets")
struct TokenBucketTests {
    @Test("a burst passes at once, the rest at the rate, and waiting as long as it says is enough")
    func burst() {
        let rate = TokenBucket.Rate(perMinute: 60, burst: 3)
        var bucket = TokenBucket(now: .seconds(5))
        for _ in 0..<3 { #expect(bucket.take(rate, now: .seconds(5)) == nil) }
        #expect(bucket.take(rate, now: .seconds(5)) == .seconds(1))
        #expect(bucket.take(rate, now: .milliseconds(5900)) == .milliseconds(100))
        #expect(bucket.take(rate, now: .seconds(6)) == nil)
        #expect(bucket.take(rate, now: .seconds(6)) == .seconds(1))
        #expect(bucket.missing(now: .seconds(6)) == .seconds(3))
        #expect(bucket.missing(now: .seconds(100)) == .zero)
    }

    @Test("without a burst of its own a rate's minute may come at once")
    func wholeMinute() {
        #expect(TokenBucket.Rate(perMinute: 20).burst == 20)
    }

    @Test("in no stretch of time more passes than burst and rate allow", arguments: 1...10)
    func property(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let rate = TokenBucket.Rate(
            perMinute: Int.random(in: 1...600, using: &generator), burst: Int.random(in: 1...20, using: &generator))
        var bucket = TokenBucket(now: .zero)
        var now = Duration.zero
        var taken: [Duration] = []
        for _ in 0..<1000 {
            now += .milliseconds(Int.random(in: 0...200, using: &generator))
            let asked = bucket.wait(rate, now: now)
            let wait = bucket.take(rate, now: now)
            #expect(asked == wait)
            if wait == nil { taken.append(now) }
        }
        for (index, start) in taken.enumerated() {
            let last = taken.index(index, offsetBy: rate.burst, limitedBy: taken.count - 1)
            guard let last, last > index else { continue }
            // One more than the burst takes at least one interval.
            #expect(taken[last] - start >= .seconds(60) / rate.perMinute - .nanoseconds(100) * rate.burst)
        }
    }
}

@Suite("Buckets of many keys")
struct BucketTableTests {
    @Test("the table is bounded, and what is emptiest stays")
    func bounded() {
        let rate = TokenBucket.Rate(perMinute: 60, burst: 5)
        var table = BucketTable<Int>(most: 100)
        for _ in 0..<5 { #expect(table.take(-1, rate, now: .zero) == nil) }
        for key in 0..<10_000 {
            #expect(table.take(key, rate, now: .zero) == nil)
            #expect(table.count <= 100)
        }
        #expect(table.wait(-1, rate, now: .zero) == .seconds(1), "the one that had used most is still known")
    }

    @Test("full buckets make room before others do")
    func fullOnes() {
        let rate = TokenBucket.Rate(perMinute: 60, burst: 1)
        var table = BucketTable<Int>(most: 10)
        for key in 0..<10 { _ = table.take(key, rate, now: .seconds(key)) }
        _ = table.take(10, rate, now: .seconds(9))
        #expect(table.count == 2)
        #expect(table.wait(9, rate, now: .seconds(9)) == .seconds(1))
        #expect(table.wait(77, rate, now: .seconds(9)) == nil)
    }
}
