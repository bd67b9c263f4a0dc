import GatewayCore
import Testing

@Suite("JSON reading")
struct JSONReaderTests {
    @Test(
        "what RFC 8259 allows is read",
        arguments: [
            ("null", .null), (" \t\r\n true ", true), ("false", false), ("0", 0), ("-12", -12),
            ("\"\"", ""), ("[]", []), ("[ ]", []), ("{}", [:]), ("{ }", [:]),
            ("[1,\"a\",[null]]", [1, "a", [.null]]),
            ("{\"a\":{\"b\":[true]},\"c\":\"d\"}", ["a": ["b": [true]], "c": "d"]),
            ("{\"b\" : 1 , \"a\" : 2}", ["a": 2, "b": 1]),
            ("{\"a\":{\"x\":1},\"b\":{\"x\":2}}", ["a": ["x": 1], "b": ["x": 2]]),
            ("\"\u{7F}é€𝄞\u{2028}\u{FEFF}\"", "\u{7F}é€𝄞\u{2028}\u{FEFF}"),
        ] as [(String, JSONValue)])
    func allowed(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text.utf8) == value)
    }

    @Test(
        "escapes are resolved",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u00E9""#, "Aéé"),
            (#""\u0000""#, "\0"), (#""\uD834\udd1e""#, "𝄞"), (#""\uFFFF""#, "\u{FFFF}"), (#""a\u0062c\n""#, "abc\n"),
            (#""\uDBFF\uDFFF""#, "\u{10FFFF}"), (#""é\u0301é""#, "e\u{301}\u{301}e\u{301}"),
        ])
    func escapes(text: String, value: String) throws {
        #expect(try JSONValue(parsing: text.utf8) == .string(value))
    }

    @Test(
        "what is not JSON is refused where it stops being JSON",
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("{", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2),
            ("\"a", .unexpectedEnd, 2), ("\"\\", .unexpectedEnd, 2), ("\"\\u00", .unexpectedEnd, 5),
            ("tru", .unexpectedEnd, 3), ("-", .unexpectedEnd, 1), ("1.", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
            ("{\"a\"", .unexpectedEnd, 4), ("{\"a\":", .unexpectedEnd, 5), ("{\"a\":1,", .unexpectedEnd, 7),
            ("True", .expectedValue, 0), ("nul1", .expectedValue, 3), ("'a'", .expectedValue, 0),
            ("NaN", .expectedValue, 0), ("Infinity", .expectedValue, 0), ("-Infinity", .invalidNumber, 1),
            ("+1", .expectedValue, 0), (".5", .expectedValue, 0), ("[,1]", .expectedValue, 1),
            ("[1,]", .expectedValue, 3), ("[1,,2]", .expectedValue, 3), ("{\"a\":}", .expectedValue, 5),
            ("// a\n1", .expectedValue, 0), ("/* */1", .expectedValue, 0), ("\u{A0}1", .expectedValue, 0),
            ("\u{0}", .expectedValue, 0), ("1\u{0}", .expectedEnd, 1), ("\u{C}1", .expectedValue, 0),
            ("01", .invalidNumber, 1), ("-01", .invalidNumber, 2), ("00", .invalidNumber, 1),
            ("1.e3", .invalidNumber, 2),
            ("1ex", .invalidNumber, 2), ("--1", .invalidNumber, 1), ("0x10", .expectedEnd, 1),
            ("1_000", .expectedEnd, 1),
            ("1 2", .expectedEnd, 2), ("{}{}", .expectedEnd, 2), ("\"a\"b", .expectedEnd, 3), ("[]]", .expectedEnd, 2),
            ("[1 2]", .expectedCommaOrEnd, 3), ("[1}", .expectedCommaOrEnd, 2), ("{\"a\":1]", .expectedCommaOrEnd, 6),
            ("{\"a\":1;}", .expectedCommaOrEnd, 6), ("{a:1}", .expectedName, 1), ("{1:1}", .expectedName, 1),
            ("{\"a\":1,}", .expectedName, 7), ("{,}", .expectedName, 1), ("{\"a\" 1}", .expectedColon, 5),
            ("{\"a\",1}", .expectedColon, 4), ("\"\n\"", .controlCharacter, 1), ("\"\u{0}\"", .controlCharacter, 1),
            ("\"\u{1F}\"", .controlCharacter, 1), ("\"\t\"", .controlCharacter, 1), ("\"\\x41\"", .invalidEscape, 1),
            ("\"\\'\"", .invalidEscape, 1), ("\"\\U0041\"", .invalidEscape, 1), ("\"\\u00g0\"", .invalidEscape, 5),
            ("\"\\u+041\"", .invalidEscape, 3), ("\"\\u004\"", .invalidEscape, 6), ("\"\\u００41\"", .invalidEscape, 3),
            ("\u{FEFF}{}", .byteOrderMark, 0),
        ] as [(String, JSONError.Reason, Int)])
    func refused(text: String, reason: JSONError.Reason, offset: Int) {
        #expect(throws: JSONError(reason: reason, offset: offset)) { try JSONValue(parsing: text.utf8) }
    }

    private static func loneSurrogates() -> [String] {
        [
            #"\ud800"#, #"\udbff"#, #"\udc00"#, #"\udfff"#, #"\ud800x"#, #"\ud800\n"#, #"\ud800\u0041"#,
            #"\ud800\ud800"#, #"\udc00\ud800"#, #"\uD834 \uDD1E"#,
        ]
    }

    @Test("half a surrogate pair is refused", arguments: loneSurrogates())
    func loneSurrogate(escape: String) {
        let text = "[\"\(escape)\"]"
        #expect(throws: JSONError(reason: .loneSurrogate, offset: 2)) { try JSONValue(parsing: text.utf8) }
        #expect(throws: JSONError(reason: .loneSurrogate, offset: 2)) {
            try JSONValue(parsing: "{\"\(escape)\":1}".utf8)
        }
    }

    @Test(
        "bytes that are not UTF-8 are refused, wherever they stand",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
            [0xC3, 0x5C, 0x6E], [0xED, 0xA0, 0xB4, 0xED, 0xB4, 0x9E],
        ] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        let quoted = Array("{\"a\":\"".utf8) + bytes + Array("\"}".utf8)
        #expect(throws: JSONError(reason: .invalidUTF8, offset: 6)) { try JSONValue(parsing: quoted) }
        #expect(throws: JSONError(reason: .invalidUTF8, offset: 2)) { try JSONValue(parsing: [0x5B, 0x5D] + bytes) }
    }

    @Test("the edges of UTF-8 are read", arguments: ["\u{7F}\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFD}\u{10FFFF}"])
    func validUTF8(text: String) throws {
        #expect(try JSONValue(parsing: "\"\(text)\"".utf8).string == text)
    }

    @Test(
        "other encodings are refused",
        arguments: [[0xFF, 0xFE, 0x7B, 0, 0x7D, 0], [0xFE, 0xFF, 0, 0x7B, 0, 0x7D], [0x7B, 0, 0x7D, 0], [0, 0x7B]]
            as [[UInt8]])
    func otherEncodings(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }

    @Test(
        "a name given twice in one object is refused at any depth, however it is spelt",
        arguments: [
            (#"{"a":1,"a":1}"#, "a", 7), (#"{"a":1,"\u0061":2}"#, "a", 7), (#"{"\u0061":1,"a":2}"#, "a", 12),
            (#"[[{"x":{"min_ms":1,"b":2,"min_ms":3}}]]"#, "min_ms", 25), (#"{"é":1,"\u00e9":2}"#, nil, 8),
            (#"{"":1,"":2}"#, nil, 6), (#"{"a b":1,"a b":2}"#, nil, 9), (#"{"𝄞":1,"\ud834\udd1e":2}"#, nil, 10),
        ])
    func duplicates(text: String, name: String?, offset: Int) {
        #expect(throws: JSONError(reason: .duplicateName(name), offset: offset)) { try JSONValue(parsing: text.utf8) }
    }

    @Test("names that differ in case or normal form are different names")
    func differentNames() throws {
        let object = try #require(try JSONValue(parsing: #"{"a":1,"A":2,"\u00e9":3,"e\u0301":4}"#.utf8).object)
        #expect(object.members.count == 4)
        #expect(object["\u{E9}"] == 3)
        #expect(object["e\u{301}"] == 4)
    }

    @Test("sixteen levels are read, seventeen refused")
    func depth() throws {
        let nested = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        _ = try JSONValue(parsing: nested(16).utf8)
        #expect(throws: JSONError(reason: .tooDeep, offset: 16)) { try JSONValue(parsing: nested(17).utf8) }
        let objects = String(repeating: "{\"a\":", count: 17) + "1" + String(repeating: "}", count: 17)
        #expect(throws: JSONError(reason: .tooDeep, offset: 80)) { try JSONValue(parsing: objects.utf8) }
        let siblings = "[" + String(repeating: "[[]],", count: 100) + "[]]"
        _ = try JSONValue(parsing: siblings.utf8)
    }

    @Test("a reason is told in words and quotes nothing but a short name")
    func descriptions() {
        #expect(
            JSONError(reason: .duplicateName("vad"), offset: 7).description
                == "the name \"vad\" a second time in one object at byte 7")
        #expect(JSONError(reason: .duplicateName(nil), offset: 7).description.contains("a name a second time"))
        #expect(JSONError(reason: .tooDeep, offset: 16).description == "more than 16 levels of nesting at byte 16")
    }

    @Test("large and hostile texts take linear time", .timeLimit(.minutes(1)))
    func hostile() throws {
        let digits = String(repeating: "9", count: 1 << 20)
        #expect(try JSONValue(parsing: digits.utf8).number?.asInteger == nil)
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 1 << 20).utf8) }
        let members = (0..<100_000).map { "\"n\($0)\":\($0)" }.joined(separator: ",")
        #expect(try JSONValue(parsing: "{\(members)}".utf8).object?.members.count == 100_000)
        let escapes = String(repeating: "\\u00e9", count: 200_000)
        #expect(try JSONValue(parsing: "\"\(escapes)\"".utf8).string?.unicodeScalars.count == 200_000)
        let marks = String(repeating: "\u{301}", count: 200_000)
        _ = try JSONValue(parsing: "{\"e\(marks)\":1,\"f\(marks)\":2}".utf8)
    }

    @Test("any collection of bytes can be read")
    func collections() throws {
        let bytes = Array("xx[1]xx".utf8)
        #expect(try JSONValue(parsing: bytes[2..<5]) == [1])
        #expect(try bytes.withUnsafeBytes { try JSONValue(parsing: $0[2..<5]) } == [1])
        #expect(try JSONValue(parsing: bytes.lazy.filter { $0 != UInt8(ascii: "x") }) == [1])
    }
}
