import GatewayCore
import Glibc
import Testing

@Suite("The operator's handbook")
struct HandbookTests {
    /// Rows of its tables whose first cell is one code: the cells of each.
    private static let rows = {
        let path = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/deploy/README.md"
        return read(path).split(separator: "\n").compactMap { line -> [String]? in
            let cells = line.split(separator: "|").map(trimmed)
            guard line.hasPrefix("| `"), let code = cells.first, code.hasSuffix("`") else { return nil }
            return code.contains(" ") ? nil : cells
        }
    }()

    private static func trimmed(_ cell: Substring) -> String {
        var cell = cell.drop { $0 == " " }
        while cell.last == " " { cell.removeLast() }
        return String(cell)
    }

    private static func read(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 17)
        return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    }

    /// Rows about a code that say this in their second cell.
    private func rows(_ code: String, _ number: String? = nil) -> [[String]] {
        Self.rows.filter { $0[0] == "`\(code)`" && (number == nil || $0[1] == number) }
    }

    @Test("tells cause and cure of every ending, with its close code", arguments: Ending.allCases)
    func endings(ending: Ending) {
        let found = rows(ending.rawValue, "\(ending.closeCode)")
        #expect(found.count == 1)
        #expect(found.allSatisfy { $0.count == 4 && !$0[2].isEmpty && !$0[3].isEmpty })
    }

    @Test("tells cause and cure of every refusal, with its status", arguments: Refusal.allCases)
    func refusals(refusal: Refusal) {
        let found = rows(refusal.rawValue, "\(refusal.status)")
        #expect(found.count == 1)
        #expect(found.allSatisfy { $0.count == 4 && !$0[2].isEmpty && !$0[3].isEmpty })
    }

    @Test("tells of the endings that have no message", arguments: SessionEnd.otherReasons)
    func others(reason: String) {
        #expect(rows(reason).count == 1)
        #expect(rows(reason).allSatisfy { $0.count == 3 })
    }

    @Test("tells of no code that there is not")
    func strangers() {
        let known = Set(
            Ending.allCases.map(\.rawValue) + Refusal.allCases.map(\.rawValue) + SessionEnd.otherReasons)
        let told = Self.rows.map { row in row[0].filter { $0 != "`" } }
        #expect(told.count == Ending.allCases.count + Refusal.allCases.count + SessionEnd.otherReasons.count)
        #expect(told.allSatisfy { known.contains($0) })
    }
}
