import CSQLite

/// Why a database file could not be used, with the remedy. Never holds a bound value.
package struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What a caller can act upon. The raw values are labels of a metric.
    package enum Kind: String, Sendable, Equatable, CaseIterable {
        /// No space is left, on the disk, in the quota or under `max_page_count`.
        case full
        /// The file, its directory or the file system may not be written.
        case readOnly = "read_only"
        /// Another connection held the lock for longer than the busy timeout.
        case busy
        /// The file is damaged, or no database.
        case corrupt
        /// There is no such file, or no right to it.
        case cannotOpen = "cannot_open"
        /// The disk fails to read or write.
        case disk
        /// A row breaks a constraint of its table.
        case constraint
        /// The file was written by a later version of this program.
        case tooNew = "too_new"
        /// Anything else: a fault of this program's own.
        case misuse
    }

    package let kind: Kind
    /// SQLite's extended result code (sqlite.org/rescode.html), 0 for `tooNew`.
    package let code: Int32
    /// SQLite's own words.
    package let message: String
    /// The path of the file.
    package let path: String

    package var description: String { "\(path): \(words)" }

    private var words: String {
        switch kind {
        case .full: "no space is left for the database: free some, or raise the quota"
        case .readOnly: "the database cannot be written: give its file and its directory to the gateway's user"
        case .busy: "another program holds the database locked: end it, or wait"
        case .corrupt: "the file is damaged or no database (\(message)): move it away, a new one will be made"
        case .cannotOpen: "the database cannot be opened (\(message)): check that its directory exists and whose it is"
        case .disk: "the disk fails to read or write the database (\(message), code \(code))"
        case .constraint: "the database refuses the row: \(message)"
        case .tooNew: "the database is from a later version of this program: install that one, or name another file"
        case .misuse: "\(message) (code \(code))"
        }
    }
}

extension SQLiteError.Kind {
    /// What an extended result code means to a caller; its low byte is the primary code.
    init(code: Int32) {
        switch code & 0xFF {
        case SQLITE_FULL: self = .full
        case SQLITE_READONLY: self = .readOnly
        case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corrupt
        case SQLITE_CANTOPEN, SQLITE_PERM: self = .cannotOpen
        case SQLITE_CONSTRAINT: self = .constraint
        case SQLITE_IOERR: self = .disk
        default: self = .misuse
        }
    }
}
