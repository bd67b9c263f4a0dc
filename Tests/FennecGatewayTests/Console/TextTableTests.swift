import Testing

@testable import fennec_gateway

@Suite("Tables")
struct TextTableTests {
    @Test("Columns are as wide as their widest cell, and no line ends with blanks")
    func aligns() {
        let table = TextTable(heading: ["a", "bb", "c"], rows: [["xxx", "", "é"], ["y", "zzz", ""], ["", "", ""]])
        #expect(table.description == "a    bb   c\nxxx       é\ny    zzz\n\n")
    }

    @Test("An indent stands before every line")
    func indents() {
        #expect(TextTable(rows: [["a", "b"], ["cc", "d"]], indent: 2).description == "  a   b\n  cc  d\n")
    }

    @Test("No rows, no heading")
    func empty() {
        #expect(TextTable(heading: ["a"], rows: []).description.isEmpty)
    }
}
