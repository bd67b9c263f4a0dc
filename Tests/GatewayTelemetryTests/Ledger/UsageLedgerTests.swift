import GatewayCore
import Glibc
import Logging
import Testing

@testable import GatewayTelemetry

@Suite("The usage ledger")
struct UsageLedgerTests {
    private let scratch: ScratchFile
    private let metrics = LedgerMetrics(registry: MetricsRegistry())
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() throws {
        scratch = try ScratchFile()
    }

    private func ledger(jsonl: Bool = false) -> UsageLedger {
        var settings = UsageSettings()
        settings.ledger = scratch.path
        if jsonl { settings.jsonl = scratch.path + ".jsonl" }
        return UsageLedger(settings: settings, metrics: metrics, logger: logger)
    }

    private func record(_ session: String, ended: Bool = true) -> UsageRecord {
        UsageRecord(
            session: session, client: "c", rule: "r", startedAt: 1_769_860_800_000, duration: 0, meter: UsageMeter(),
            endedBy: ended ? .client : nil, reason: ended ? "client_closed" : nil)
    }

    private func states() throws -> [[SQLiteValue]] {
        try SQLiteDatabase(path: scratch.path, options: .init(access: .read))
            .rows("SELECT session, state FROM sessions ORDER BY session")
    }

    /// Commits as at noon of the day of the records.
    private func commit(_ ledger: UsageLedger) { ledger.commit(at: 1_769_860_800_000) }

    @Test("writes what it is told at the next commit")
    func writes() throws {
        let ledger = ledger()
        ledger.stand([record("a", ended: false), record("b", ended: false)])
        ledger.end(record("b"))
        commit(ledger)
        #expect(try states() == [["a", "open"], ["b", "closed"]])
        #expect(metrics.commits.steps == 1 && metrics.isFailing.value == 0)
    }

    @Test("what is known from elsewhere of an earlier run's sessions is written with the first commit, once")
    func interrupted() throws {
        let first = ledger()
        first.recover([record("a", ended: false)])
        commit(first)
        commit(first)
        #expect(try states() == [["a", "lost"]])
        #expect(metrics.lost.steps == 1)
    }

    @Test("keeps ends while the disk refuses them, and writes each once when it takes them again")
    func recovers() throws {
        let ledger = ledger()
        commit(ledger)
        let blocker = try SQLiteDatabase(path: scratch.path)
        try blocker.execute("DROP TABLE days")
        for name in ["a", "b"] { ledger.end(record(name)) }
        commit(ledger)
        #expect(ledger.problem?.kind == .misuse)
        #expect(metrics.isFailing.value == 1 && metrics.waiting.value == 2)
        #expect(try states().isEmpty)
        ledger.end(record("c"))
        try blocker.execute("PRAGMA user_version = 0; DROP TABLE sessions; DROP TABLE meta")
        commit(ledger)
        #expect(ledger.problem == nil)
        #expect(metrics.isFailing.value == 0 && metrics.waiting.value == 0 && metrics.dropped.steps == 0)
        #expect(try states() == [["a", "closed"], ["b", "closed"], ["c", "closed"]])
    }

    @Test("drops ends above its bound, counts them exactly, and closes their rows as lost afterwards")
    func drops() throws {
        let ledger = ledger()
        ledger.stand([record("stray", ended: false)])
        commit(ledger)
        for index in 0..<UsageLedger.mostWaiting { ledger.end(record("r\(index)")) }
        ledger.end(record("stray"))
        ledger.end(record("late"))
        commit(ledger)
        #expect(metrics.dropped.steps == 2)
        let rows = try states()
        #expect(rows.count == UsageLedger.mostWaiting + 1)
        #expect(rows.contains(["stray", "lost"]))
    }

    @Test("makes a new file when its own was taken away")
    func deleted() throws {
        let ledger = ledger()
        ledger.end(record("a"))
        commit(ledger)
        unlink(scratch.path)
        for suffix in ["-wal", "-shm"] { unlink(scratch.path + suffix) }
        ledger.end(record("b"))
        commit(ledger)
        #expect(try states() == [["b", "closed"]])
    }

    @Test("is one program's alone, and closes sessions of an earlier run once that has gone")
    func exclusive() throws {
        let first = ledger()
        first.stand([record("a", ended: false)])
        commit(first)
        let second = ledger()
        second.end(record("b"))
        commit(second)
        #expect(second.problem?.kind == .busy)
        #expect(try states() == [["a", "open"]])
        first.close(at: 1_769_860_800_000)
        commit(second)
        #expect(second.problem == nil)
        #expect(try states() == [["a", "lost"], ["b", "closed"]])
        #expect(metrics.lost.steps == 1)
    }

    @Test("counts what still waits as dropped when it is closed")
    func closed() throws {
        let path = "\(scratch.directory)/none/usage.sqlite"
        var settings = UsageSettings()
        settings.ledger = path
        let ledger = UsageLedger(settings: settings, metrics: metrics, logger: logger)
        for name in ["a", "b", "c"] { ledger.end(record(name)) }
        ledger.close(at: 0)
        #expect(ledger.problem?.kind == .cannotOpen)
        #expect(metrics.dropped.steps == 3 && metrics.waiting.value == 0)
    }

    @Test("writes lines of JSON besides, once each, into whatever file stands at the path")
    func lines() throws {
        let ledger = ledger(jsonl: true)
        let path = scratch.path + ".jsonl"
        ledger.end(record("a"))
        commit(ledger)
        commit(ledger)
        #expect(try sessions(path) == ["a"])
        #expect(rename(path, scratch.path + ".old") == 0)
        ledger.end(record("b"))
        commit(ledger)
        unlink(scratch.path + ".old")
        #expect(try sessions(path) == ["b"])
    }

    private func sessions(_ path: String) throws -> [String?] {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let lines = bytes[..<max(0, read(descriptor, &bytes, bytes.count))].split(separator: UInt8(ascii: "\n"))
        return try lines.map { try JSONValue(parsing: $0).object?["session"]?.string }
    }
}
