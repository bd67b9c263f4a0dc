import GatewayCore
import Logging
import Testing

@testable import GatewayTelemetry

@Suite("A log line")
struct LogLineTests {
    private func line(
        _ message: String, level: Logger.Level = .info, _ fields: [(name: String, value: Logger.MetadataValue)] = []
    ) -> LogLine {
        LogLine(time: 0, level: level, message: message, fields: fields)
    }

    private func text(_ line: LogLine) -> String { String(decoding: TextLine.bytes(line), as: UTF8.self) }

    /// What would end a line, forge one, or steer a terminal.
    private static let hostile = [
        "a\nb", "a\r\nb", "a\u{1B}[2Jb", "a\u{85}b", "a\u{2028}b", "a\u{2029}b", "a\u{202E}b", "a\u{0}b", "a\u{7F}b",
        "a\u{9B}31mb", "a\u{FEFF}b",
    ]

    @Test("for people has time, level, message and fields in order")
    func people() {
        let fields: [(name: String, value: Logger.MetadataValue)] = [
            ("b", "plain"), ("a", "two words"), ("empty", ""), ("quote", "x\"y"), ("n", .stringConvertible(7)),
        ]
        #expect(
            text(line("session ended", level: .warning, fields))
                == "1970-01-01T00:00:00.000Z warning  session ended b=plain a=\"two words\" empty=\"\" "
                + "quote=\"x\\\"y\" n=7\n")
    }

    @Test("for people cannot be forged", arguments: hostile)
    func forgery(hostile: String) {
        let text = text(line(hostile, [("k", .string(hostile)), (hostile, "v"), ("l", .array([.string(hostile)]))]))
        let controls = text.unicodeScalars.dropLast().filter { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || [0x2028, 0x2029, 0x202E, 0xFEFF].contains(scalar.value)
        }
        #expect(controls.isEmpty)
        #expect(text.hasSuffix("\n"))
    }

    @Test("for machines is one JSON object with the types of its values", arguments: hostile)
    func machines(hostile: String) throws {
        let bytes = JSONLine.bytes(
            line(
                hostile,
                [
                    ("n", .stringConvertible(-7)), ("d", .stringConvertible(0.25)), ("b", .stringConvertible(true)),
                    ("nan", .stringConvertible(Double.nan)), ("s", .string(hostile)),
                    ("l", .array(["x", .stringConvertible(1)])), ("o", .dictionary(["z": "1", "y": .string(hostile)])),
                    ("u", .stringConvertible(UsageValue.integer(5))),
                ]))
        #expect(bytes.last == 10 && bytes.dropLast().allSatisfy { $0 >= 32 })
        let object = try #require(try JSONValue(parsing: bytes.dropLast()).object)
        #expect(object["time"] == "1970-01-01T00:00:00.000Z")
        #expect(object["level"] == "info")
        #expect(object["message"] == .string(hostile))
        #expect(object["s"] == .string(hostile))
        #expect(object["n"] == -7 && object["u"] == 5 && object["b"] == true && object["nan"] == .null)
        #expect(object["d"]?.number?.asDouble == 0.25)
        #expect(object["l"] == ["x", 1])
        #expect(object["o"]?.object?["y"] == .string(hostile))
    }

    @Test("for machines never has a name twice")
    func names() throws {
        let bytes = JSONLine.bytes(line("m", [("message", "forged"), ("level", "x"), ("a", "1"), ("a", "2")]))
        let object = try #require(try JSONValue(parsing: bytes.dropLast()).object)
        #expect(object["message"] == "m" && object["message_"] == "forged" && object["level_"] == "x")
        #expect(object["a"] == "1" && object["a_"] == "2")
    }

    @Test("of immoderate length is cut")
    func cut() {
        let long = String(repeating: "x", count: 100_000)
        #expect(TextLine.bytes(line(long)).count < 5000)
        #expect(JSONLine.bytes(line("m", [("k", .string(long))])).count < 5000)
    }

    @Test("for the journal has its fields, named as the journal allows")
    func journal() {
        let fields = JournalEntry.fields(line("a\nb", level: .error, [("close_code", "1008"), ("x.y-z", "é")]))
        #expect(
            fields.map { String(decoding: $0, as: UTF8.self) } == [
                "MESSAGE=a\\nb", "PRIORITY=3", "SYSLOG_IDENTIFIER=fennec-gateway", "FENNEC_CLOSE_CODE=1008",
                "FENNEC_X_Y_Z=é",
            ])
        #expect(JournalEntry.fieldName(String(repeating: "a", count: 99)).utf8.count == 64)
    }

    @Test(
        "has syslog's priority in the journal",
        arguments: zip(Logger.Level.allCases, [7, 7, 6, 5, 4, 3, 2]))
    func priority(level: Logger.Level, expected: Int) {
        #expect(JournalEntry.priority(level) == expected)
    }
}
