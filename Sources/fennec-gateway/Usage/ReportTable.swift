import GatewayTelemetry

/// A report for people and for spreadsheets.
struct ReportTable {
    private let report: UsageReport
    private let price: Double?

    init(_ report: UsageReport, price: Double?) {
        self.report = report
        self.price = price
    }

    /// Columns of one width each, numbers to the right, the total below.
    var text: String {
        let columns: [UsageReport.Sum] = [
            .sessions, .open, .lost, .audioSeconds, .forwardedSeconds, .utterances, .words,
        ]
        let titles = [report.grouping.rawValue, "sessions", "open", "lost", "audio s", "sent s", "utterances", "words"]
        let rows = (report.rows + [report.total]).enumerated().map { index, row in
            [index < report.rows.count ? name(row) : "total"] + columns.map { number(row, $0) } + cost(row)
        }
        let table = [titles + (price == nil ? [] : ["cost"])] + rows
        let widths = (table.first ?? []).indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        return table.map { cells in
            zip(cells, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + space : space + cell.0
            }.joined(separator: "  ") + "\n"
        }.joined()
    }

    /// RFC 4180, with a line of names and without a total.
    var commaSeparated: String {
        let titles = [report.grouping.rawValue] + UsageReport.Sum.allCases.map(\.rawValue)
        let rows = report.rows.map { row in
            [row.key] + UsageReport.Sum.allCases.map { $0.text(row[$0]) } + cost(row)
        }
        return ([titles + (price == nil ? [] : ["cost"])] + rows).map { cells in
            cells.map(Self.quoted).joined(separator: ",") + "\r\n"
        }.joined()
    }

    private func name(_ row: UsageReport.Row) -> String { row.key.isEmpty ? "-" : row.key.printable }

    private func number(_ row: UsageReport.Row, _ sum: UsageReport.Sum) -> String {
        switch sum {
        case .audioSeconds, .forwardedSeconds:
            let tenths = Int((row[sum] * 10).rounded())
            return "\(tenths / 10).\(tenths % 10)"
        default: return sum.text(row[sum])
        }
    }

    private func cost(_ row: UsageReport.Row) -> [String] {
        price.map { ["\(UsageReport.cost(of: row, price: $0))"] } ?? []
    }

    private static func quoted(_ cell: String) -> String {
        let isPlain = cell.utf8.allSatisfy { $0 != 0x2C && $0 != 0x22 && $0 != 0x0A && $0 != 0x0D }
        return isPlain
            ? cell : "\"\(cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
}
