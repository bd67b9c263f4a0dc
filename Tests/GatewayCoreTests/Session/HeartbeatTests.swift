import GatewayCore
import Testing

@Suite("Heartbeat")
struct HeartbeatTests {
    /// An interval in which bytes came (`b`), reads were paused (`p`), both (`B`), or nothing happened (`s`).
    private static func verdicts(_ intervals: String) -> [Bool] {
        var heartbeat = Heartbeat()
        return intervals.map { interval in
            heartbeat.intervalPassed(
                bytesArrived: interval == "b" || interval == "B", wasPaused: interval == "p" || interval == "B")
        }
    }

    @Test(
        "a leg is dead after two intervals in which it was read and no byte arrived",
        arguments: [
            ("s", [false]), ("ss", [false, true]), ("sss", [false, true, true]), ("bs", [false, false]),
            ("bss", [false, false, true]), ("sbs", [false, false, false]), ("sbss", [false, false, false, true]),
            ("bbbb", [false, false, false, false]),
        ])
    func silence(intervals: String, dead: [Bool]) {
        #expect(Self.verdicts(intervals) == dead)
    }

    @Test(
        "while reads are paused the count stands still",
        arguments: [
            ("pppp", [false, false, false, false]), ("sp", [false, false]), ("sps", [false, false, true]),
            ("spps", [false, false, false, true]), ("psps", [false, false, false, true]),
            ("sBs", [false, false, false]), ("pss", [false, false, true]),
        ])
    func pause(intervals: String, dead: [Bool]) {
        #expect(Self.verdicts(intervals) == dead)
    }
}
