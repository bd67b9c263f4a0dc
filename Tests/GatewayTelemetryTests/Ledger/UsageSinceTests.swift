import GatewayTelemetry
import Testing

@Suite("The beginning of a report")
struct UsageSinceTests {
    @Test(
        "is so long ago, a day, or a moment",
        arguments: [
            ("2h", 1_769_853_600_000), ("2026-01-31", 1_769_817_600_000), ("2026-01-31T12:00:00Z", 1_769_860_800_000),
            ("1970-01-01", 0), ("2024-02-29", 1_709_164_800_000), ("2026-02-29", nil), ("2026-13-01", nil),
            ("2026-01-31T24:00:00Z", nil), ("2026-01-31T12:00:00", nil), ("2026-1-31", nil), ("yesterday", nil),
            ("", nil), ("+026-01-31", nil),
        ] as [(String, Int64?)])
    func moments(text: String, moment: Int64?) {
        let twoHours: (String) -> Duration? = { $0 == "2h" ? .seconds(7200) : nil }
        #expect(UsageSince.parse(text, now: 1_769_860_800_000, duration: twoHours) == moment)
    }
}
