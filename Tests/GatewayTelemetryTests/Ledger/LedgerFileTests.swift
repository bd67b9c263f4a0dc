import GatewayCore
import Testing

@testable import GatewayTelemetry

@Suite("The ledger's file")
struct LedgerFileTests {
    private let scratch: ScratchFile
    private let file: LedgerFile
    /// 2026-01-31T12:00:00Z.
    private let noon: Int64 = 1_769_860_800_000

    init() throws {
        scratch = try ScratchFile()
        file = try LedgerFile(path: scratch.path)
    }

    private func record(
        _ session: String, bytes: Int = 32_000, ended: Bool = false, client: String = "c", at time: Int64? = nil
    ) -> UsageRecord {
        var meter = UsageMeter()
        meter.receivedAudio(bytes: bytes, messages: 1, at: 0)
        return UsageRecord(
            session: session, client: client, rule: "r", startedAt: Int(time ?? noon), duration: 1000, meter: meter,
            endedBy: ended ? .client : nil, reason: ended ? "client_closed" : nil)
    }

    private func batch(live: [UsageRecord] = [], ended: [UsageRecord] = []) -> LedgerQueue.Batch {
        var batch = LedgerQueue.Batch()
        batch.live = live
        batch.ended = ended
        return batch
    }

    private func rows(_ sql: String) throws -> [[SQLiteValue]] {
        try SQLiteDatabase(path: scratch.path, options: .init(access: .read)).rows(sql)
    }

    @Test("has a column for every fact")
    func columns() throws {
        let columns = try rows("SELECT name FROM pragma_table_info('sessions')").compactMap { $0.first?.text }
        #expect(Set(columns) == Set(["state", "sequence", "updated_at_ms"] + UsageField.allCases.map(\.rawValue)))
    }

    @Test("keeps one row for each session, as it stands and then as it ended")
    func oneRow() throws {
        try file.write(batch(live: [record("a", bytes: 10)]), at: noon)
        try file.write(batch(live: [record("a", bytes: 20)]), at: noon + 800)
        let state = "SELECT session, state, sequence, audio_bytes, updated_at_ms FROM sessions"
        #expect(try rows(state) == [["a", "open", nil, 20, .integer(Int(noon) + 800)]])
        #expect(try rows("SELECT * FROM days").isEmpty)
        try file.write(batch(live: [record("a", bytes: 25)], ended: [record("a", bytes: 30, ended: true)]), at: noon)
        #expect(
            try rows("SELECT state, sequence, audio_bytes, reason FROM sessions") == [
                ["closed", 1, 30, "client_closed"]
            ])
    }

    @Test("never opens, changes or counts a closed row again")
    func closedStays() throws {
        try file.write(batch(ended: [record("a", bytes: 10, ended: true)]), at: noon)
        try file.write(batch(live: [record("a", bytes: 99)], ended: []), at: noon)
        try file.write(batch(ended: [record("a", bytes: 99, ended: true)]), at: noon)
        #expect(try rows("SELECT state, audio_bytes FROM sessions") == [["closed", 10]])
        #expect(try rows("SELECT sessions, audio_bytes FROM days") == [[1, 10]])
    }

    @Test("what is known from elsewhere raises what a run left open, adds what it did not write, and nothing else")
    func knowing() throws {
        func forwarded(_ session: String, _ bytes: Int, ended: Bool = false) -> UsageRecord {
            var record = record(session, bytes: bytes, ended: ended)
            record.meter.forwardedAudio(bytes: bytes)
            return record
        }
        let live = [forwarded("behind", 10), forwarded("ahead", 64_000)]
        try file.write(batch(live: live, ended: [forwarded("over", 7, ended: true)]), at: noon)
        let known = ["behind", "ahead", "over", "unknown"].map { forwarded($0, 32_000) }
        #expect(try file.closeLost(at: noon, knowing: known) == 3)
        #expect(
            try rows("SELECT session, state, audio_bytes, forwarded_bytes, forwarded_seconds FROM sessions ORDER BY 1")
                == [
                    ["ahead", "lost", 64_000, 64_000, 2.0], ["behind", "lost", 32_000, 32_000, 1.0],
                    ["over", "closed", 7, 7, 0.0], ["unknown", "lost", 32_000, 32_000, 1.0],
                ])
        #expect(try rows("SELECT sessions, lost, forwarded_bytes FROM days") == [[4, 3, 128_007]])
    }

    @Test("closes what a run left open as lost, with what is known, once")
    func lost() throws {
        try file.write(batch(live: [record("a", bytes: 10), record("b", bytes: 20)]), at: noon)
        try file.write(batch(ended: [record("b", bytes: 21, ended: true)]), at: noon)
        #expect(try file.closeLost(at: noon) == 1)
        #expect(try file.closeLost(at: noon) == 0)
        #expect(
            try rows("SELECT session, state, sequence, audio_bytes, reason FROM sessions ORDER BY sequence") == [
                ["b", "closed", 1, 21, "client_closed"], ["a", "lost", 2, 10, "lost"],
            ])
        #expect(try rows("SELECT sessions, lost, audio_bytes FROM days") == [[2, 1, 31]])
    }

    @Test("closes strays when it is told to, and leaves those that live")
    func strays() throws {
        try file.write(batch(live: [record("a"), record("b"), record("c")]), at: noon)
        var next = batch(live: [record("a")], ended: [record("b", ended: true)])
        next.closesStrays = true
        try file.write(next, at: noon)
        #expect(
            try rows("SELECT session, state FROM sessions ORDER BY session") == [
                ["a", "open"], ["b", "closed"], ["c", "lost"],
            ])
    }

    @Test("adds days up by client, rule, policy and origin, as the rows themselves do")
    func days() throws {
        let midnight: Int64 = 1_769_904_000_000
        try file.write(
            batch(ended: [
                record("a", bytes: 10, ended: true), record("b", bytes: 20, ended: true, client: "d"),
                record("c", bytes: 30, ended: true), record("d", bytes: 40, ended: true, at: midnight),
                record("e", bytes: 50, ended: true, at: midnight - 1),
            ]), at: noon)
        #expect(
            try rows("SELECT day, client, sessions, audio_bytes FROM days ORDER BY day, client") == [
                ["2026-01-31", "c", 3, 90], ["2026-01-31", "d", 1, 20], ["2026-02-01", "c", 1, 40],
            ])
    }

    @Test("deletes what is too old in small steps, never what is open")
    func prune() throws {
        let old = noon - 1000
        try file.write(
            batch(
                live: [record("open", at: old)],
                ended: (0..<5).map { record("old\($0)", ended: true, at: old) } + [record("new", ended: true)]),
            at: noon)
        #expect(try file.prune(records: noon, days: "2026-01-01", most: 3))
        #expect(try !file.prune(records: noon, days: "2026-01-01", most: 3))
        #expect(try rows("SELECT session FROM sessions ORDER BY session") == [["new"], ["open"]])
        #expect(try rows("SELECT sum(sessions) FROM days") == [[6]])
        _ = try file.prune(records: noon, days: "2026-02-01", most: 3)
        #expect(try rows("SELECT count(*) FROM days") == [[0]])
    }

    @Test("gives the space of deleted rows back")
    func vacuum() throws {
        try file.write(batch(ended: (0..<500).map { record("s\($0)", ended: true) }), at: noon)
        let pages = try #require(try rows("PRAGMA page_count").first?.first?.integer)
        _ = try file.prune(records: noon + 1, days: "2000-01-01", most: 1000)
        #expect(try rows("PRAGMA freelist_count") != [[0]])
        try file.vacuum(pages: 1000)
        #expect(try rows("PRAGMA freelist_count") == [[0]])
        #expect(try #require(try rows("PRAGMA page_count").first?.first?.integer) < pages / 2)
    }

    @Test("numbers go on behind rows that were deleted, and the node keeps its name")
    func sequence() throws {
        try file.write(batch(ended: [record("a", ended: true), record("b", ended: true)]), at: noon)
        let node = try rows("SELECT value FROM meta WHERE name = 'node'")
        _ = try file.prune(records: noon + 1, days: "2026-01-01", most: 9)
        let again = try LedgerFile(path: scratch.path)
        try again.write(batch(ended: [record("c", ended: true)]), at: noon)
        #expect(try rows("SELECT sequence FROM sessions") == [[3]])
        #expect(try rows("SELECT value FROM meta WHERE name = 'node'") == node)
        #expect(node.first?.first?.text?.count == 16)
    }
}
