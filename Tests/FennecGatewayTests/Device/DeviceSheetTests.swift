import GatewayServer
import Testing

@testable import fennec_gateway

@Suite("Tables of devices")
struct DeviceSheetTests {
    private static let now = 1_800_000_000_000
    private static let digits = String(repeating: "aB", count: 32)

    private static func sheet(_ text: String, policies: Set<String>? = ["default", "noisy"]) -> DeviceSheet {
        DeviceSheet(Array(text.utf8), policies: policies, now: now)
    }

    /// `NAME/POLICY/EXPIRES/HASH` of each device, or `LINE: problem`.
    private static func lines(_ text: String, policies: Set<String>? = ["default", "noisy"]) -> [String] {
        let sheet = sheet(text, policies: policies)
        guard sheet.problems.isEmpty else { return sheet.problems.map { "\($0.line): \($0.words)" } }
        return sheet.rows.map { row in
            let device = row.device
            let expires = device.expires.map { String(($0 - now) / 1000) } ?? "-"
            return "\(device.name)/\(device.policy ?? "-")/\(expires)/\(device.hash.map { String($0.count) } ?? "-")"
        }
    }

    @Test(
        "are read by the names of their columns",
        arguments: [
            ("name\na\nb-1\n", ["a/-/-/-", "b-1/-/-/-"]), ("name\r\na\r\n\r\nb", ["a/-/-/-", "b/-/-/-"]),
            ("\u{FEFF}name\na\n", ["a/-/-/-"]), ("name,policy\na,noisy\nb,\n", ["a/noisy/-/-", "b/-/-/-"]),
            ("sha256,expires,name\n\(digits),1h,a\n", ["a/-/3600/32"]),
            ("name,expires\na,2027-01-16\nb,2027-01-15T08:00:10Z\n", ["a/-/57600/-", "b/-/10/-"]),
            ("\"name\",\"policy\"\n\"a\",\"noisy\"\n", ["a/noisy/-/-"]), ("name\n", []),
        ])
    func good(text: String, expected: [String]) {
        #expect(Self.lines(text) == expected)
    }

    @Test(
        "are refused with every mistake and its line",
        arguments: [
            ("", ["1: the first line must name the columns, such as name,policy,expires,sha256; name is required"]),
            (
                "kiosk-1,noisy\n",
                [
                    "1: unknown column \"kiosk-1\", known are name, policy, expires, sha256",
                    "1: unknown column \"noisy\", known are name, policy, expires, sha256",
                ]
            ),
            (
                "name,polcy\n",
                ["1: unknown column \"polcy\", known are name, policy, expires, sha256; did you mean policy?"]
            ),
            ("name,name\n", ["1: the column name stands here twice"]),
            (
                "name,policy,expires,sha256\na b,nosy,soon,12\n\nc,,2020-01-01,\nd\n",
                [
                    "2: the name must have 1 to 64 letters, digits, dots, dashes and underscores",
                    "2: there is no policy \"nosy\" in the configuration; did you mean noisy?",
                    "2: expires must be a duration such as 720h, a day such as 2027-01-31, or 2027-01-31T09:30:00Z",
                    "2: sha256 must have 64 hexadecimal digits", "4: expires lies in the past",
                    "5: expected 4 fields, found 1",
                ]
            ),
            ("name,policy\n,noisy\n", ["2: the name must have 1 to 64 letters, digits, dots, dashes and underscores"]),
            ("name\na\nb\na\n", ["4: the device a stands on line 2 already"]),
            (
                "name,sha256\na,\(digits)\nb,\(digits.lowercased())\n",
                ["3: the token stands on line 2 already; every device needs one of its own"]
            ),
            ("name\n\"a\nb\n", ["2: a quote is opened here and never closed"]),
            ("name\n\"a\"b\n", ["2: a closing quote is followed by a comma or the line's end"]),
            ("name\na\"b\n", ["2: a quote stands inside a field that does not begin with one"]),
            ("name\na\rb\n", ["2: a line ends with CR LF or LF"]),
            ("name;policy\na;b\n", ["1: unknown column \"name;policy\", known are name, policy, expires, sha256"]),
        ])
    func bad(text: String, problems: [String]) {
        #expect(Self.lines(text) == problems)
    }

    @Test("quoted fields may hold commas, quotes and line ends, and lines are counted all the same")
    func quoted() throws {
        let records = try CSVRecords.read(Array("a,\"b,\"\"c\"\"\nd\"\ne\n".utf8))
        #expect(
            records == [
                CSVRecords.Record(line: 1, fields: ["a", "b,\"c\"\nd"]), CSVRecords.Record(line: 3, fields: ["e"]),
            ])
        #expect(throws: CSVRecords.Problem(line: 1, words: "the file is no UTF-8")) { try CSVRecords.read([0xFF]) }
    }

    @Test("policies are not looked for where no configuration is given")
    func unknownPolicies() {
        #expect(Self.lines("name,policy\na,whatever\n", policies: nil) == ["a/whatever/-/-"])
    }

    @Test("have ten thousand devices at most")
    func bound() {
        let names = (0..<DeviceSheet.mostDevices).map { "d\($0)" }.joined(separator: "\n")
        #expect(Self.sheet("name\n\(names)\n").rows.count == 10_000)
        let problems = Self.sheet("name\n\(names)\none-more\n").problems
        #expect(problems.map(\.line) == [10_002] && problems[0].words.contains("more than 10000 devices"))
    }
}
