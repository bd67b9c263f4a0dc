import Testing

@testable import FennecSimulator

@Suite struct JSONReaderTests {
    @Test(
        "JSON is read",
        arguments: [
            ("null", JSONValue.null), (" [1, -0.5e+3 ,\"\"]\n", [.number("1"), .number("-0.5e+3"), ""]),
            (#"{"a":{"b":[true,false]}}"#, ["a": ["b": [true, false]]]),
            (#""\u00e9\ud83d\ude00\n\/""#, "é😀\n/"), ("0", 0),
        ] as [(String, JSONValue)])
    func valid(text: String, value: JSONValue) throws {
        #expect(try JSONReader.read(text.utf8) == value)
        #expect(try JSONReader.read(value.text.utf8) == value)
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "{", "[1,]", "{\"a\":1,}", "01", "1.", "+1", ".5", "tru", "nulll", "\"\u{1}\"", #""\x""#, #""\ud800""#,
            #""\udc00""#, "{\"a\":1,\"a\":2}", #"{"a":1,"\u0061":2}"#, "1 2", "\u{FEFF}1", "\"", "{1:2}", "NaN",
            String(repeating: "[", count: 100),
        ])
    func invalid(text: String) {
        #expect(throws: JSONError.self) { try JSONReader.read(text.utf8) }
    }

    @Test("Invalid UTF-8 is refused")
    func encoding() {
        #expect(throws: JSONError.self) { try JSONReader.read([0x22, 0xFF, 0x22]) }
    }
}
