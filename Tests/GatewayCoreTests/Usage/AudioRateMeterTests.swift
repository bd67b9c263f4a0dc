import GatewayCore
import Testing

@Suite("Audio rate meter")
struct AudioRateMeterTests {
    private func rate(_ chunks: [(bytes: Int, time: Int)]) -> Int? {
        var meter = AudioRateMeter()
        for chunk in chunks { meter.received(bytes: chunk.bytes, at: chunk.time) }
        return meter.bytesPerSecond
    }

    private func steady(_ count: Int, from start: Int = 0) -> [(bytes: Int, time: Int)] {
        (0..<count).map { (3200, start + $0 * 100) }
    }

    @Test("says nothing before five windows of two seconds", arguments: [(0, nil), (100, nil), (101, 32_000)])
    func patience(chunks: Int, rate expected: Int?) {
        #expect(rate(steady(chunks)) == expected)
    }

    @Test("a burst at the beginning, as after a late ready, changes nothing")
    func burst() {
        #expect(rate((0..<30).map { _ in (3200, 0) } + steady(140)) == 32_000)
    }

    @Test("a stall of the network that is caught up with changes nothing")
    func stall() {
        let late = (0..<8).map { _ in (bytes: 3200, time: 3800) }
        #expect(rate(steady(31) + late + steady(120, from: 3900)) == 32_000)
    }

    @Test("a pause is no rate")
    func pause() {
        let talks = (0..<12).flatMap { steady(30, from: $0 * 60_000) }
        #expect(rate(talks) == 32_000)
    }

    @Test("audio at a third of its time is three times as fast")
    func fast() {
        #expect(rate((0..<400).map { (3200, $0 * 33) }) == 96_969)
    }
}
