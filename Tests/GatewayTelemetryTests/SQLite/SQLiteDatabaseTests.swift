import Synchronization
import Testing

@testable import GatewayTelemetry

@Suite("The SQLite wrapper")
struct SQLiteDatabaseTests {
    private let file: ScratchFile
    private let database: SQLiteDatabase

    init() throws {
        file = try ScratchFile()
        database = try SQLiteDatabase(
            path: file.path, options: SQLiteDatabase.Options(busyTimeout: .milliseconds(1)))
    }

    @Test("opens with a write-ahead log, full durability and foreign keys, for its owner alone")
    func pragmas() throws {
        try database.execute("CREATE TABLE t(a)")
        #expect(try database.rows("PRAGMA journal_mode") == [["wal"]])
        #expect(try database.rows("PRAGMA synchronous") == [[2]])
        #expect(try database.rows("PRAGMA foreign_keys") == [[1]])
        #expect(try database.rows("PRAGMA trusted_schema") == [[0]])
        #expect(try database.rows("PRAGMA busy_timeout") == [[1]])
        #expect(["", "-wal", "-shm"].map { file.mode(of: $0) } == [0o600, 0o600, 0o600])
    }

    @Test(
        "gives back every value as it was bound",
        arguments: [
            nil, 0, -1, .integer(.max), .integer(.min), 0.5, .real(-1e300), "", "a", "nul\0inside", "Zürich 🎙",
            .blob([]), .blob([0, 255, 0]), .text(String(repeating: "x", count: 100_000)),
        ] as [SQLiteValue])
    func values(value: SQLiteValue) throws {
        #expect(try database.rows("SELECT ?1", value) == [[value]])
    }

    @Test("reads each kind of value as itself alone, and whole numbers as numbers too")
    func kinds() {
        let all: [SQLiteValue] = [nil, 3, 2.5, "t", .blob([1])]
        #expect(all.map(\.integer) == [nil, 3, nil, nil, nil])
        #expect(all.map(\.real) == [nil, 3, 2.5, nil, nil])
        #expect(all.map(\.text) == [nil, nil, nil, "t", nil])
        #expect(all.map(\.blob) == [nil, nil, nil, nil, [1]])
        #expect(SQLiteValue.integer(nil as Int?) == nil && SQLiteValue.text(nil as String?) == nil)
    }

    @Test("runs a prepared statement again and again, and counts changes")
    func prepared() throws {
        try database.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        let insert = try database.prepare("INSERT INTO t(name) VALUES (?1)")
        for name in ["a", "b", "c"] { try insert.run([.text(name)]) }
        #expect(database.lastInsertedID == 3)
        try database.run("UPDATE t SET name = 'z' WHERE id > ?1", 1)
        #expect(database.changes == 2)
        #expect(try database.prepare("SELECT name FROM t WHERE id = ?1").first([2]) == ["z"])
        #expect(try database.prepare("SELECT name FROM t WHERE id = ?1").first([9]) == nil)
    }

    @Test("commits a transaction that returns and forgets one that throws")
    func transactions() throws {
        try database.execute("CREATE TABLE t(a UNIQUE)")
        let answer = try database.transaction { () throws(SQLiteError) in
            try database.run("INSERT INTO t VALUES (1)")
            return "done"
        }
        #expect(answer == "done")
        let error = #expect(throws: SQLiteError.self) {
            try database.transaction { () throws(SQLiteError) in
                try database.run("INSERT INTO t VALUES (2)")
                try database.run("INSERT INTO t VALUES (1)")
            }
        }
        #expect(error?.kind == .constraint)
        #expect(try database.rows("SELECT a FROM t") == [[1]])
    }

    private final class Shared: Sendable {
        let database: Mutex<SQLiteDatabase>

        init(path: String) throws {
            database = Mutex(try SQLiteDatabase(path: path))
        }
    }

    @Test("can be kept in a mutex and used from many tasks")
    func shared() async throws {
        let shared = try Shared(path: file.path)
        try shared.database.withLock { try $0.execute("CREATE TABLE t(a)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try shared.database.withLock { try $0.run("INSERT INTO t VALUES (?1)", .integer(number)) }
                }
            }
            try await group.waitForAll()
        }
        #expect(try database.rows("SELECT count(*), sum(a) FROM t") == [[20, 190]])
    }

    @Test("brings an old schema up to date one step at a time, once")
    func migrations() throws {
        let steps = ["CREATE TABLE t(a)", "ALTER TABLE t ADD COLUMN b DEFAULT 7; INSERT INTO t(a) VALUES (1)"]
        try database.migrate(Array(steps.prefix(1)))
        #expect(try database.version() == 1)
        for _ in 0..<2 { try database.migrate(steps) }
        #expect(try database.version() == 2)
        #expect(try database.rows("SELECT a, b FROM t") == [[1, 7]])
    }

    @Test("undoes a step of migration that fails half-way")
    func failedMigration() throws {
        #expect(throws: SQLiteError.self) {
            try database.migrate(["CREATE TABLE t(a)", "CREATE TABLE u(a); CREATE TABLE t(a)"])
        }
        #expect(try database.version() == 1)
        #expect(try database.rows("SELECT name FROM sqlite_schema") == [["t"]])
    }

    @Test("refuses a file of a later version and leaves it as it is")
    func laterVersion() throws {
        try database.migrate(["CREATE TABLE t(a)", "CREATE TABLE u(a)"])
        let error = #expect(throws: SQLiteError.self) { try database.migrate(["CREATE TABLE t(a)"]) }
        #expect(error?.kind == .tooNew)
        #expect(error?.description.contains("later version") == true)
        #expect(try database.version() == 2)
    }
}
