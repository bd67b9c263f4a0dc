import GatewayCore
import Testing

@Suite("JSON numbers")
struct JSONNumberTests {
    @Test(
        "the text is kept as it was written",
        arguments: ["0", "-0", "0.30", "1E5", "1e+05", "-1.50e-007", "123456789012345678901234567890", "1e999"])
    func text(text: String) throws {
        let number = try #require(JSONNumber(text))
        #expect(number.text == text)
        #expect(try JSONValue(parsing: text.utf8) == .number(number))
        #expect(JSONValue.number(number).text == text)
    }

    @Test(
        "what is not a number is not read", arguments: ["", " 1", "1 ", "01", "+1", "1.", ".1", "true", "\"1\"", "1e"])
    func notNumbers(text: String) {
        #expect(JSONNumber(text) == nil)
    }

    @Test(
        "integers are recognised however they are written",
        arguments: [
            ("0", 0), ("-0", 0), ("0.0", 0), ("-0.0e5", 0), ("0e999999999999999999999", 0), ("7", 7), ("-7", -7),
            ("400", 400), ("400.0", 400), ("4e2", 400), ("4E+2", 400), ("0.4e3", 400), ("40000e-2", 400),
            ("400.000e0", 400), ("-1.5e1", -15), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9223372036854775807.000", .max), ("0.9223372036854775807e19", .max),
            ("1000000000000000000e0", 1_000_000_000_000_000_000),
        ])
    func integers(text: String, value: Int) throws {
        #expect(try #require(JSONNumber(text)).asInteger == value)
    }

    @Test(
        "fractions and what exceeds 64 bits are no integers, and nothing hangs",
        .timeLimit(.minutes(1)),
        arguments: [
            "0.5", "400.5", "-0.1", "1e-1", "9223372036854775808", "-9223372036854775809", "1e19", "1e999",
            "1e-999", "1e99999999999999999999999999", "1e-99999999999999999999999999", "9999999999999999999",
            "1" + String(repeating: "0", count: 65_536), "0." + String(repeating: "0", count: 65_536) + "1",
        ])
    func noIntegers(text: String) throws {
        #expect(try #require(JSONNumber(text)).asInteger == nil)
    }

    @Test(
        "long spellings of small integers are still integers",
        arguments: [
            ("1." + String(repeating: "0", count: 65_536), 1),
            ("0." + String(repeating: "0", count: 999) + "5e1000", 5),
            ("5" + String(repeating: "0", count: 1000) + "e-1000", 5),
        ])
    func longIntegers(text: String, value: Int) throws {
        #expect(try #require(JSONNumber(text)).asInteger == value)
    }

    @Test(
        "doubles are the nearest, and finite",
        arguments: [
            ("0", 0), ("0.30", 0.3), ("-1.5e1", -15), ("1e308", 1e308), ("1e309", nil), ("-1e309", nil), ("1e999", nil),
            ("1e-400", 0), ("4.9406564584124654e-324", .leastNonzeroMagnitude), ("1e99999999999999999999999999", nil),
            ("0.1000000000000000055511151231257827", 0.1), ("9007199254740993", 9_007_199_254_740_992),
        ] as [(String, Double?)])
    func doubles(text: String, value: Double?) throws {
        #expect(try #require(JSONNumber(text)).asDouble == value)
    }

    @Test(
        "a double is written as the shortest text that reads back",
        arguments: [
            (0.3, "0.3"), (30, "30"), (-2, "-2"), (-0.0, "0"), (1e-7, "1e-07"), (1e300, "1e+300"),
            (0.1 + 0.2, "0.30000000000000004"),
            (9_007_199_254_740_992, "9007199254740992"),
        ])
    func fromDouble(value: Double, text: String) throws {
        let number = try #require(JSONNumber(value))
        #expect(number.text == text)
        #expect(JSONNumber(text) == number)
        #expect(number.asDouble == value)
    }

    @Test("no number is made of what is not finite", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(value: Double) {
        #expect(JSONNumber(value) == nil)
    }
}
