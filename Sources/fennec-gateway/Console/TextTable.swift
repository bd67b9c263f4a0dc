/// Rows in columns that are as wide as their widest cell.
struct TextTable: CustomStringConvertible {
    private let rows: [[String]]
    private let indent: String

    /// Rows of equally many cells; `indent` stands before each. Without rows there is no heading.
    init(heading: [String] = [], rows: [[String]], indent: Int = 0) {
        self.rows = rows.isEmpty || heading.isEmpty ? rows : [heading] + rows
        self.indent = String(repeating: " ", count: indent)
    }

    /// A line for each row, two blanks between columns, none at the end.
    var description: String {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { indent + Self.line($0, widths) + "\n" }.joined()
    }

    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        let used = cells.lastIndex { !$0.isEmpty }.map { cells[...$0] } ?? []
        return used.enumerated().map { column, cell in
            column == used.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + 2)
        }.joined()
    }
}
