import GatewayCore
import GatewayCoreTesting
import Testing

@Suite("Pace of audio")
struct PaceMeterTests {
    private let pace = PaceMeter.Pace(factor: 2, burst: .seconds(4), patience: .seconds(6))

    @Test("real time, the burst and the allowed factor are fine")
    func fine() {
        var meter = PaceMeter(pace, now: .zero)
        #expect(meter.received(.seconds(4), now: .zero) == .fine)
        for second in 1...100 { #expect(meter.received(.seconds(2), now: .seconds(second)) == .fine) }
    }

    @Test("what is too fast is held back until it would not have been")
    func heldBack() {
        var meter = PaceMeter(pace, now: .zero)
        #expect(meter.received(.seconds(6), now: .zero) == .holdBack(.seconds(1)))
        #expect(meter.received(.seconds(2), now: .seconds(2)) == .fine)
    }

    @Test("who is held back without a break for longer than patience is too fast")
    func tooFast() {
        var meter = PaceMeter(pace, now: .zero)
        #expect(meter.received(.seconds(5), now: .zero) == .holdBack(.milliseconds(500)))
        for second in 1..<6 {
            guard case .holdBack = meter.received(.seconds(3), now: .seconds(second)) else {
                Issue.record("not held back at \(second)")
                return
            }
        }
        #expect(meter.received(.seconds(3), now: .seconds(6)) == .tooFast)
    }

    @Test("who lets half of the burst come back begins anew")
    func calmed() {
        var meter = PaceMeter(pace, now: .zero)
        #expect(meter.received(.seconds(5), now: .zero) == .holdBack(.milliseconds(500)))
        #expect(meter.received(.seconds(5), now: .seconds(20)) == .holdBack(.milliseconds(500)))
        #expect(meter.received(.seconds(1), now: .seconds(21)) == .fine)
    }

    @Test("a client that waits as long as it is told never passes more than burst and factor allow", arguments: 1...20)
    func property(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var meter = PaceMeter(
            PaceMeter.Pace(factor: 1.5, burst: .seconds(3), patience: .seconds(1_000_000)), now: .zero)
        var now = Duration.zero
        var passed = Duration.zero
        var longest = Duration.zero
        for _ in 0..<500 {
            let audio = Duration.milliseconds(Int.random(in: 1...2000, using: &generator))
            now += .milliseconds(Int.random(in: 0...500, using: &generator))
            passed += audio
            longest = max(longest, audio)
            if case .holdBack(let wait) = meter.received(audio, now: now) { now += wait }
            #expect(passed <= .seconds(3) + now * 1.5 + longest + .milliseconds(1))
        }
    }
}
