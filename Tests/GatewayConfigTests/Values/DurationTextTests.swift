import Testing

@testable import GatewayConfig

@Suite("Durations as text")
struct DurationTextTests {
    @Test(
        "Durations are read",
        arguments: [
            ("500ms", 500), ("20s", 20_000), ("10m", 600_000), ("1h", 3_600_000), ("1h30m", 5_400_000),
            ("1h2m3s4ms", 3_723_004), ("1m1ms", 60_001), ("90m", 5_400_000), ("0s", 0), ("400d", 34_560_000_000),
            ("1d12h", 129_600_000),
        ])
    func reads(text: String, milliseconds: Int) {
        #expect(DurationText.parse(text) == .milliseconds(milliseconds))
    }

    @Test(
        "What is no duration is refused",
        arguments: [
            "", "20", "s", "1.5s", "-1s", "+1s", "1 s", "30m1h", "1s1s", "1ms1m", "1h1d", "20S", "1h30", "٣s",
            "1000000000s", "20s ", "1_0s",
        ])
    func refuses(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test("A description reads back", arguments: ["1h30m", "500ms", "20s", "7d", "1d1h", "1m1ms", "0s"])
    func describes(text: String) throws {
        #expect(DurationText.describe(try #require(DurationText.parse(text))) == text)
    }
}
