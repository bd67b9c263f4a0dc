import Testing

@testable import GatewayConfig

@Suite("The report")
struct ConfigReportTests {
    @Test("A problem shows its place, its text, its line with a caret, and what was meant")
    func paragraph() {
        let problems = Sample.problems(Sample.minimal + "log:\n  levl: info\n")
        #expect(
            ConfigReport.render(problems, path: "/etc/x.yaml") == """
                /etc/x.yaml:5:3: log.levl: unknown key: "levl"
                  5 |   levl: info
                    |   ^
                  did you mean "level"?

                """)
    }

    @Test("No problems, no text")
    func empty() {
        #expect(ConfigReport.render([], path: "x").isEmpty)
    }

    @Test("Control characters and long texts do not reach the terminal")
    func printable() {
        #expect(ConfigProblem.printable("a\u{1B}[31m\u{202E}b\n") == "a\u{FFFD}[31m\u{FFFD}b\u{FFFD}")
        #expect(ConfigProblem.printable(String(repeating: "x", count: 81)).unicodeScalars.count == 81)
        let escaped = Sample.problems(Sample.minimal + "log: { level: \"\\e[31m\" }\n")
        #expect(escaped.map(\.offending) == ["\u{FFFD}[31m"])
    }

    @Test(
        "An excerpt hides what is hidden and keeps the caret in place",
        arguments: [
            (3, [3..<6], "ab***fgh", 2), (5, [3..<6], "ab***fgh", 2), (7, [3..<6], "ab***fgh", 6),
            (1, [1..<9], "***", 0), (9, [], "abcdefgh", 8),
            (2, [1..<2, 4..<Int.max], "***bc***", 3),
        ] as [(Int, [Range<Int>], String, Int)])
    func hides(column: Int, hidden: [Range<Int>], text: String, caret: Int) {
        let source = SourceText(bytes: Array("abcdefgh".utf8))
        let excerpt = source.excerpt(at: SourceMark(line: 1, column: column), hiding: hidden)
        #expect(excerpt == ConfigProblem.Excerpt(text: text, caret: caret))
    }

    @Test("A long line is cut around the place")
    func cutsLongLines() throws {
        let source = SourceText(
            bytes: Array((String(repeating: "-", count: 500) + "X" + String(repeating: "-", count: 500)).utf8))
        let excerpt = try #require(source.excerpt(at: SourceMark(line: 1, column: 501), hiding: []))
        #expect(excerpt.text.count == 110)
        #expect(Array(excerpt.text)[excerpt.caret] == "X")
    }

    @Test("Lines end where the YAML parser ends them")
    func lines() {
        let text = "a\nb\r\nc\rd\u{85}e\u{2028}f\u{2029}g\n"
        let lines = SourceText(bytes: Array(text.utf8)).lines.map { $0.map(String.init).joined() }
        #expect(lines == ["a", "b", "c", "d", "e", "f", "g", ""])
    }
}
