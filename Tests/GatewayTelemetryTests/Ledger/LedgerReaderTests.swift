import GatewayCore
import Testing

@testable import GatewayTelemetry

@Suite("Reading a ledger")
struct LedgerReaderTests {
    private let scratch: ScratchFile
    private let file: LedgerFile
    /// 2026-01-31T12:00:00Z.
    private let noon: Int64 = 1_769_860_800_000
    private var midnight: Int64 { noon - 12 * 3_600_000 }

    init() throws {
        scratch = try ScratchFile()
        file = try LedgerFile(path: scratch.path)
        var batch = LedgerQueue.Batch()
        batch.ended = [
            record("a", bytes: 32_000, at: noon), record("b", bytes: 64_000, client: "loud", at: noon),
            record("c", bytes: 96_000, origin: "https://o.example", at: noon - 24 * 3_600_000),
        ]
        batch.live = [record("d", bytes: 320_000, isOpen: true, at: noon + 1)]
        try file.write(batch, at: noon)
    }

    private func record(
        _ session: String, bytes: Int, client: String = "c", origin: String? = nil, isOpen: Bool = false, at time: Int64
    ) -> UsageRecord {
        var meter = UsageMeter()
        meter.receivedAudio(bytes: bytes, messages: 1, at: 0)
        meter.forwardedAudio(bytes: bytes / 2)
        return UsageRecord(
            session: session, client: client, rule: "r", policy: "p", origin: origin, startedAt: Int(time),
            duration: 1000, meter: meter, endedBy: isOpen ? nil : .client, reason: isOpen ? nil : "client_closed")
    }

    private func report(
        _ grouping: UsageReport.Grouping, since: Int64? = nil
    ) throws -> [[String]] {
        let report = try LedgerReader(path: scratch.path).report(by: grouping, since: since)
        return report.rows.map { row in
            [row.key] + [UsageReport.Sum.sessions, .open, .audioSeconds].map { $0.text(row[$0]) }
        }
    }

    @Test("adds up by each fact, open sessions included, the most audio first and days in their order")
    func groups() throws {
        #expect(try report(.client) == [["c", "3", "1", "14"], ["loud", "1", "0", "2"]])
        #expect(try report(.origin) == [["", "3", "1", "13"], ["https://o.example", "1", "0", "3"]])
        #expect(try report(.policy) == [["p", "4", "1", "16"]])
        #expect(try report(.day) == [["2026-01-30", "1", "0", "3"], ["2026-01-31", "3", "1", "13"]])
    }

    @Test("says the same of whole days from their sums as from the records")
    func sources() throws {
        #expect(try report(.client, since: midnight) == report(.client, since: midnight + 1))
        #expect(try report(.day, since: noon + 1) == [["2026-01-31", "1", "1", "10"]])
        #expect(try report(.day, since: midnight + 86_400_000).isEmpty)
    }

    @Test("knows whole days longer than their records")
    func pruned() throws {
        _ = try file.prune(records: noon, days: "2000-01-01", most: 100)
        #expect(try report(.day).first == ["2026-01-30", "1", "0", "3"])
        #expect(try report(.day, since: 1).map(\.first) == ["2026-01-31"])
    }

    @Test("costs what was sent on")
    func cost() throws {
        let report = try LedgerReader(path: scratch.path).report(by: .policy, since: nil)
        #expect(UsageReport.cost(of: report.total, price: 60) == 8)
        let json = try #require(report.json(price: 60).object)
        #expect(json["total"]?.object?["cost"] == 8)
        #expect(json["by"] == "policy")
    }

    @Test("exports what ended, in the order of its numbers, from a cursor on")
    func export() throws {
        let reader = try LedgerReader(path: scratch.path)
        func sessions(since cursor: Int, most: Int = .max) throws -> [String?] {
            var found: [String?] = []
            try reader.export(since: cursor, most: most) { found.append($0.object?["session"]?.string) }
            return found
        }
        #expect(try sessions(since: 0) == ["a", "b", "c"])
        #expect(try sessions(since: 1) == ["b", "c"])
        #expect(try sessions(since: 0, most: 2) == ["a", "b"])
        #expect(try sessions(since: 3) == [])
        #expect(try reader.identity().sequence == 3)
    }

    @Test("refuses what is no ledger, or a later one")
    func strangers() throws {
        let database = try SQLiteDatabase(path: scratch.path)
        try database.execute("PRAGMA user_version = 99")
        #expect(throws: SQLiteError.self) { try LedgerReader(path: scratch.path) }
        try database.execute("PRAGMA user_version = 0")
        #expect(throws: SQLiteError.self) { try LedgerReader(path: scratch.path) }
    }
}
