import NIOCore
import Testing

@testable import fennec_gateway

struct StreamPlanTests {
    private func plan(rate: UInt32, samples: Int, chunk: Duration, pacing: Pacing = .realtime) throws -> StreamPlan {
        let audio = try WAVBytes().format(tag: 1, bits: 16, rate: rate)
            .chunk("data", [UInt8](repeating: 0, count: 2 * samples)).open()
        return StreamPlan(start: "{}", audio: audio, chunk: chunk, pacing: pacing)
    }

    @Test(
        "A chunk has the whole frames of its length, one at least, and no more than there are",
        arguments: [
            (16_000, 32, 512), (44_100, 10, 441), (48_000, 100, 4800), (11_025, 1, 11), (1, 1, 1),
            (16_000, 10_000, 5000), (UInt32.max, 10_000, 5000),
        ] as [(UInt32, Int, Int)])
    func frames(rate: UInt32, milliseconds: Int, frames: Int) throws {
        let plan = try plan(rate: rate, samples: 5000, chunk: .milliseconds(milliseconds))
        #expect(plan.chunkFrames == frames)
    }

    @Test("In real time chunks are as far apart as their frames last; a fast plan has no interval")
    func interval() throws {
        #expect(try plan(rate: 16_000, samples: 5000, chunk: .milliseconds(32)).interval == .milliseconds(32))
        #expect(try plan(rate: 44_100, samples: 5000, chunk: .milliseconds(32)).interval == .nanoseconds(31_995_464))
        #expect(try plan(rate: 16_000, samples: 0, chunk: .milliseconds(32)).chunkFrames == 1)
        #expect(try plan(rate: 16_000, samples: 9, chunk: .milliseconds(32), pacing: .fast).interval == nil)
    }
}
