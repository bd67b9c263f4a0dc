import Testing

@testable import GatewayTelemetry

@Suite("Times in logs")
struct UTCTimeTests {
    @Test(
        "are RFC 3339 with milliseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_709_210_096_007, "2024-02-29T12:34:56.007Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func text(milliseconds: Int64, expected: String) {
        #expect(UTCTime.text(milliseconds) == expected)
    }
}
