import GatewayCore
import Testing

@Suite("The measure of back-pressure")
struct PressureMeterTests {
    @Test(
        "counts each wait once, and a long one as far as it has come",
        arguments: [
            ([(false, 5), (false, 9)], [0, 0]), ([(true, 5), (false, 9)], [0, 4]),
            ([(true, 5), (true, 7), (true, 7), (false, 10)], [0, 2, 0, 3]),
            ([(true, 5), (false, 6), (false, 100), (true, 101), (false, 103)], [0, 1, 0, 0, 2]),
            ([(true, 0), (false, 0)], [0, 0]),
        ] as [([(Bool, Int)], [Int])])
    func waits(told: [(isWaiting: Bool, time: Int)], waited: [Int]) {
        var meter = PressureMeter()
        #expect(told.map { meter.stands(isWaiting: $0.isWaiting, at: $0.time) } == waited)
    }
}
