import CSQLite

/// A compiled statement; keeps its database open. It is of the same isolation as that.
package final class SQLiteStatement {
    private let handle: OpaquePointer
    private let database: SQLiteDatabase

    init(_ handle: OpaquePointer, of database: SQLiteDatabase) {
        self.handle = handle
        self.database = database
    }

    deinit {
        sqlite3_finalize(handle)
    }

    /// Runs it with these values for its parameters, in order; rows are dropped.
    package func run(_ values: [SQLiteValue] = []) throws(SQLiteError) {
        try forEach(values) { _ in }
    }

    /// The first row that it finds, as its columns; `nil` when it finds none.
    package func first(_ values: [SQLiteValue] = []) throws(SQLiteError) -> [SQLiteValue]? {
        var found: [SQLiteValue]?
        try forEach(values) { found = found ?? $0 }
        return found
    }

    /// Hands over each row that it finds, as its columns.
    package func forEach(_ values: [SQLiteValue] = [], _ body: ([SQLiteValue]) -> Void) throws(SQLiteError) {
        // What failed is told by `step`; `reset` only repeats it.
        defer { sqlite3_reset(handle) }
        try bind(values)
        while true {
            let code = sqlite3_step(handle)
            try database.check(code)
            guard code == SQLITE_ROW else { return }
            body((0..<sqlite3_column_count(handle)).map(column))
        }
    }

    private func bind(_ values: [SQLiteValue]) throws(SQLiteError) {
        guard values.count == Int(sqlite3_bind_parameter_count(handle)) else {
            throw database.misuse("a statement was run with \(values.count) values")
        }
        for (index, value) in zip(1..., values) { try database.check(bind(value, at: Int32(index))) }
    }

    private func bind(_ value: SQLiteValue, at index: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(handle, index)
        case .integer(let value): return sqlite3_bind_int64(handle, index, Int64(value))
        case .real(let value): return sqlite3_bind_double(handle, index, value)
        case .text(var value):
            return value.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { text in
                    // An empty buffer may have no address, and that would bind null.
                    text.baseAddress.map { fg_sqlite3_bind_text(handle, index, $0, Int32(text.count)) }
                        ?? fg_sqlite3_bind_text(handle, index, "", 0)
                }
            }
        case .blob(let value):
            return value.withUnsafeBytes { bytes in
                bytes.isEmpty
                    ? sqlite3_bind_zeroblob(handle, index, 0)
                    : fg_sqlite3_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count))
            }
        }
    }

    private func column(_ index: Int32) -> SQLiteValue {
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: return .integer(Int(sqlite3_column_int64(handle, index)))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, index))
        case SQLITE_TEXT: return .text(String(decoding: bytes(index), as: UTF8.self))
        case SQLITE_BLOB: return .blob(bytes(index))
        default: return .null
        }
    }

    /// The order matters: asking for the blob first keeps SQLite from converting.
    private func bytes(_ index: Int32) -> [UInt8] {
        guard let address = sqlite3_column_blob(handle, index) else { return [] }
        return Array(UnsafeRawBufferPointer(start: address, count: Int(sqlite3_column_bytes(handle, index))))
    }
}
