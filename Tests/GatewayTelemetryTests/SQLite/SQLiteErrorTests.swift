import Testing

@testable import GatewayTelemetry

@Suite("A database that cannot be used")
struct SQLiteErrorTests {
    private let file: ScratchFile

    init() throws {
        file = try ScratchFile()
    }

    private func open(_ access: SQLiteDatabase.Options.Access = .create) throws -> SQLiteDatabase {
        try SQLiteDatabase(path: file.path, options: .init(access: access, busyTimeout: .zero))
    }

    private func kind(_ body: () throws -> Void) -> SQLiteError.Kind? {
        do {
            try body()
            return nil
        } catch {
            return (error as? SQLiteError)?.kind
        }
    }

    @Test("that has no space left is full, and takes rows again once there is space")
    func full() throws {
        let database = try open()
        try database.execute("CREATE TABLE t(a); PRAGMA max_page_count = 3")
        let row = SQLiteValue.text(String(repeating: "x", count: 50_000))
        #expect(
            kind {
                try database.transaction { () throws(SQLiteError) in
                    try database.run("INSERT INTO t VALUES (?1)", row)
                }
            } == .full)
        try database.execute("PRAGMA max_page_count = 1000000")
        try database.run("INSERT INTO t VALUES (?1)", row)
        #expect(try database.rows("SELECT count(*) FROM t") == [[1]])
    }

    @Test("that was opened to be read refuses rows")
    func readOnly() throws {
        try open().execute("CREATE TABLE t(a)")
        let reader = try open(.read)
        #expect(kind { try reader.run("INSERT INTO t VALUES (1)") } == .readOnly)
        #expect(try reader.rows("SELECT count(*) FROM t") == [[0]])
    }

    @Test("that another connection writes to is busy")
    func busy() throws {
        let (first, second) = (try open(), try open())
        try first.execute("CREATE TABLE t(a); BEGIN IMMEDIATE")
        #expect(kind { try second.run("INSERT INTO t VALUES (1)") } == .busy)
        try first.execute("COMMIT")
        #expect(kind { try second.run("INSERT INTO t VALUES (1)") } == nil)
    }

    @Test("that is no database is corrupt")
    func corrupt() {
        file.write(Array(repeating: 0x42, count: 8192))
        #expect(kind { _ = try open() } == .corrupt)
    }

    @Test("that is not there cannot be opened to be read, nor made in a directory that is not there")
    func missing() {
        #expect(kind { _ = try open(.read) } == .cannotOpen)
        #expect(kind { _ = try open(.write) } == .cannotOpen)
        #expect(kind { _ = try SQLiteDatabase(path: "\(file.directory)/none/x") } == .cannotOpen)
    }

    @Test("says so when its statement is wrong or gets too few values")
    func misuse() throws {
        let database = try open()
        #expect(kind { try database.execute("SELEKT") } == .misuse)
        #expect(kind { try database.run("SELECT ?1") } == .misuse)
        #expect(kind { try database.run("") } == .misuse)
    }

    @Test("tells its file and the remedy, and never a value that was bound")
    func words() throws {
        let database = try open()
        try database.execute("CREATE TABLE t(a UNIQUE NOT NULL)")
        try database.run("INSERT INTO t VALUES (?1)", "a-secret")
        let error = #expect(throws: SQLiteError.self) {
            try database.run("INSERT INTO t VALUES (?1)", "a-secret")
        }
        let words = try #require(error).description
        #expect(words.hasPrefix("\(file.path): ") && words.contains("t.a"))
        #expect(!words.contains("a-secret"))
    }

    @Test(
        "is told apart by SQLite's result code, the extended ones too",
        arguments: [
            (13, .full), (8, .readOnly), (1032, .readOnly), (5, .busy), (517, .busy), (6, .busy), (11, .corrupt),
            (26, .corrupt), (14, .cannotOpen), (270, .cannotOpen), (3, .cannotOpen), (19, .constraint),
            (2067, .constraint), (10, .disk), (778, .disk), (1, .misuse), (21, .misuse),
        ] as [(Int32, SQLiteError.Kind)])
    func codes(code: Int32, kind: SQLiteError.Kind) {
        #expect(SQLiteError.Kind(code: code) == kind)
    }
}
