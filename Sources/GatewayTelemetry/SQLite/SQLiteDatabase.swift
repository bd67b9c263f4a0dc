import CSQLite
import Glibc

/// One connection to a SQLite file. It is of one isolation at a time, which the compiler checks: keep it in a `Mutex`,
/// in an actor or on one thread. It closes when the last of it and its statements goes.
package final class SQLiteDatabase {
    /// How a file is opened.
    package struct Options: Sendable, Equatable {
        package enum Access: Sendable, Equatable {
            /// Reads and writes; makes the file, for its owner alone, when there is none.
            case create
            /// Reads and writes a file that is there.
            case write
            /// Reads a file that is there.
            case read
        }

        /// When a commit has reached the disk (sqlite.org/pragma.html#pragma_synchronous).
        package enum Synchronous: String, Sendable, Equatable {
            /// Before it returns.
            case full = "FULL"
            /// At the next checkpoint: power loss may cost the last commits, never the file.
            case normal = "NORMAL"
        }

        package var access: Access
        package var synchronous: Synchronous
        /// How long to wait for another connection's lock.
        package var busyTimeout: Duration

        package init(
            access: Access = .create, synchronous: Synchronous = .full, busyTimeout: Duration = .seconds(5)
        ) {
            self.access = access
            self.synchronous = synchronous
            self.busyTimeout = busyTimeout
        }
    }

    package let path: String
    let handle: OpaquePointer

    /// Opens `path` with a write-ahead log and enforced foreign keys.
    package init(path: String, options: Options = Options()) throws(SQLiteError) {
        self.path = path
        if options.access == .create { Self.makeFile(path) }
        var opened: OpaquePointer?
        // No mutex: the connection is never used by two at once. The path is no URI.
        let flags = (options.access == .read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_EXRESCODE, nil)
        guard let opened, code == SQLITE_OK else {
            let words = String(cString: opened.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
            sqlite3_close_v2(opened)
            throw SQLiteError(kind: .init(code: code), code: code, message: words, path: path)
        }
        handle = opened
        try configure(options)
    }

    deinit {
        sqlite3_close_v2(handle)
    }

    /// Makes an empty file with mode 0600; the log beside it gets the mode from it. What fails, opening will tell.
    private static func makeFile(_ path: String) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    private func configure(_ options: Options) throws(SQLiteError) {
        try check(fg_sqlite3_defend(handle))
        let (seconds, attoseconds) = options.busyTimeout.components
        try check(sqlite3_busy_timeout(handle, Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000)))
        // Before the log, which writes the first page: from then on it would change nothing.
        if options.access == .create { try execute("PRAGMA auto_vacuum = INCREMENTAL") }
        if options.access != .read { try execute("PRAGMA journal_mode = WAL") }
        try execute("PRAGMA synchronous = \(options.synchronous.rawValue)")
        try execute("PRAGMA foreign_keys = ON")
        try execute("PRAGMA temp_store = MEMORY")
    }

    /// Runs statements without parameters, divided by semicolons; rows are dropped.
    package func execute(_ sql: String) throws(SQLiteError) {
        try check(sqlite3_exec(handle, sql, nil, nil, nil))
    }

    /// Compiles one statement, to be run many times.
    package func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
        guard let statement else { throw misuse("an empty statement was prepared") }
        return SQLiteStatement(statement, of: self)
    }

    /// Compiles and runs one statement.
    package func run(_ sql: String, _ values: SQLiteValue...) throws(SQLiteError) {
        try prepare(sql).run(values)
    }

    /// The rows that one statement finds, each as its columns.
    package func rows(_ sql: String, _ values: SQLiteValue...) throws(SQLiteError) -> [[SQLiteValue]] {
        var rows: [[SQLiteValue]] = []
        try prepare(sql).forEach(values) { rows.append($0) }
        return rows
    }

    /// Rows that the last `INSERT`, `UPDATE` or `DELETE` touched.
    package var changes: Int { Int(sqlite3_changes64(handle)) }

    /// The id of the row that was inserted last.
    package var lastInsertedID: Int { Int(sqlite3_last_insert_rowid(handle)) }

    func check(_ code: Int32) throws(SQLiteError) {
        guard code != SQLITE_OK, code != SQLITE_DONE, code != SQLITE_ROW else { return }
        throw SQLiteError(
            kind: kind(of: code), code: code, message: String(cString: sqlite3_errmsg(handle)), path: path)
    }

    func misuse(_ words: String) -> SQLiteError {
        SQLiteError(kind: .misuse, code: SQLITE_MISUSE, message: words, path: path)
    }

    /// A disk or quota that is full may look like a failed write: then the system's own error number tells.
    private func kind(of code: Int32) -> SQLiteError.Kind {
        let kind = SQLiteError.Kind(code: code)
        guard kind == .disk else { return kind }
        switch sqlite3_system_errno(handle) {
        case ENOSPC, EDQUOT: return .full
        case EROFS: return .readOnly
        default: return kind
        }
    }
}
