import GatewayCore
import Testing

@Suite("A sorted sample")
struct SortedSampleTests {
    @Test(
        "knows the middle and the largest",
        arguments: [
            ([], nil, nil), ([5], 5, 5), ([2, 1], 1, 2), ([3, 1, 2], 2, 3), ([4, 4, 4, 9], 4, 9), ([-1, -5], -5, -1),
        ] as [([Int], Int?, Int?)])
    func small(values: [Int], median: Int?, largest: Int?) {
        var sample = SortedSample()
        for value in values { sample.add(value) }
        #expect(sample.median == median)
        #expect(sample.largest == largest)
        #expect(sample.count == values.count)
    }

    @Test("is exact up to its bound")
    func exact() {
        var sample = SortedSample()
        for value in (1...SortedSample.most).reversed() { sample.add(value) }
        #expect(sample.median == SortedSample.most / 2)
    }

    @Test("stays near the middle far beyond its bound, and never misses the largest", arguments: [1, 7, 4999])
    func large(step: Int) {
        var sample = SortedSample()
        // All numbers below 10 007, a prime, in an order that `step` shuffles.
        for index in 0..<10_007 { sample.add(index * step % 10_007) }
        #expect(sample.largest == 10_006)
        #expect(sample.count == 10_007)
        #expect(abs((sample.median ?? 0) - 5003) < 500)
    }
}
