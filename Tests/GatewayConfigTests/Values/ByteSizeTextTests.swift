import Testing

@testable import GatewayConfig

@Suite("Sizes as text")
struct ByteSizeTextTests {
    @Test(
        "Sizes are read",
        arguments: [("0", 0), ("65536", 65536), ("64KiB", 65536), ("1MiB", 1 << 20), ("2GiB", 2 << 30)])
    func reads(text: String, bytes: Int) {
        #expect(ByteSizeText.parse(text) == bytes)
    }

    @Test(
        "What is no size is refused, with what was meant",
        arguments: [
            ("64KB", "64KiB"), ("64k", "64KiB"), ("1 MiB", "1MiB"), ("1m", "1MiB"), ("1gb", "1GiB"), ("12B", "12"),
            ("", nil), ("KiB", nil), ("-1", nil), ("1.5MiB", nil), ("010", nil), ("64Ki", nil), ("1_000", nil),
            ("9999999999999999999", nil),
        ] as [(String, String?)])
    func refuses(text: String, suggestion: String?) {
        #expect(ByteSizeText.parse(text) == nil)
        #expect(ByteSizeText.suggestion(for: text) == suggestion)
    }

    @Test("A description reads back", arguments: ["64KiB", "1MiB", "1025", "0", "3GiB"])
    func describes(text: String) throws {
        #expect(ByteSizeText.describe(try #require(ByteSizeText.parse(text))) == text)
    }
}
