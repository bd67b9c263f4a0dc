import GatewayCore

/// The ledger's file, opened to be written. The only place that knows how records become rows.
final class LedgerFile {
    private let database: SQLiteDatabase
    private let identity: FileIdentity
    private let writeOpen: SQLiteStatement
    private let writeClosed: SQLiteStatement
    private let number: SQLiteStatement
    private let addToDay: SQLiteStatement

    /// Opens the file, makes it when there is none, and brings its tables up to date.
    init(path: String) throws(SQLiteError) {
        database = try SQLiteDatabase(path: path)
        try database.migrate(LedgerSchema.steps)
        guard let identity = FileIdentity(path: path) else { throw database.misuse("the file is gone") }
        self.identity = identity
        writeOpen = try database.prepare(LedgerSQL.upsert)
        writeClosed = try database.prepare(LedgerSQL.upsert)
        number = try database.prepare("UPDATE meta SET value = value + 1 WHERE name = 'sequence' RETURNING value")
        addToDay = try database.prepare(LedgerSQL.addToDay)
    }

    /// Whether the path still leads to this file: rows written to a file that was deleted are gone.
    var isInPlace: Bool { FileIdentity(path: database.path) == identity }

    /// Writes a batch in one transaction.
    /// - Parameter time: In ms since 1970 (UTC).
    func write(_ batch: LedgerQueue.Batch, at time: Int64) throws(SQLiteError) {
        let ended = Set(batch.ended.map(\.session))
        try database.transaction { () throws(SQLiteError) in
            for record in batch.live where !ended.contains(record.session) {
                try writeOpen.run(LedgerSQL.values(of: record, state: "open", sequence: nil, at: time))
            }
            for record in batch.ended { try close(record, at: time) }
            if batch.closesStrays {
                try closeLost(except: ended.union(batch.live.map(\.session)), at: time)
            }
        }
    }

    /// Closes the rows of sessions that no longer live, with what is known of them: those of a run that ended without
    /// a word.
    /// - Parameter records: What is known from elsewhere of some of them: their rows get at least that much audio, and
    ///   rows when they have none.
    /// - Returns: How many.
    func closeLost(at time: Int64, knowing records: [UsageRecord] = []) throws(SQLiteError) -> Int {
        try database.transaction { () throws(SQLiteError) in
            let add = try database.prepare(LedgerSQL.insert)
            let raise = try database.prepare(LedgerSQL.raise)
            for record in records {
                try add.run(LedgerSQL.values(of: record, state: "open", sequence: nil, at: time))
                try raise.run([.text(record.session), .integer(record.meter.bytesForwarded)])
            }
            return try closeLost(except: [], at: time)
        }
    }

    private func close(_ record: UsageRecord, at time: Int64) throws(SQLiteError) {
        try writeClosed.run(LedgerSQL.values(of: record, state: "closed", sequence: try nextNumber(), at: time))
        // A row that was closed already stays as it is, and must not count twice.
        if database.changes > 0 { try addToDay.run([.text(record.session)]) }
    }

    @discardableResult
    private func closeLost(except living: Set<String>, at time: Int64) throws(SQLiteError) -> Int {
        let open = try database.rows("SELECT session FROM sessions WHERE state = 'open' ORDER BY started_at_ms")
            .compactMap { $0.first?.text }
        let lost = open.filter { !living.contains($0) }
        let mark = try database.prepare(
            "UPDATE sessions SET state = 'lost', reason = 'lost', sequence = ?2 WHERE session = ?1")
        for session in lost {
            try mark.run([.text(session), .integer(try nextNumber())])
            try addToDay.run([.text(session)])
        }
        return lost.count
    }

    private func nextNumber() throws(SQLiteError) -> Int {
        guard let next = try number.first()?.first?.integer else { throw database.misuse("the ledger has no sequence") }
        return next
    }

    /// Deletes what is older than it may be, a limited number of rows at a time, and gives their space back.
    /// - Parameters:
    ///   - records: Sessions that began before this are deleted, in ms since 1970 (UTC).
    ///   - days: Sums of days before this one are deleted, as `2026-01-31`.
    /// - Returns: Whether there may be more.
    func prune(records: Int64, days: String, most: Int) throws(SQLiteError) -> Bool {
        try database.transaction { () throws(SQLiteError) in
            try database.run(
                """
                DELETE FROM sessions WHERE rowid IN (
                    SELECT rowid FROM sessions WHERE started_at_ms < ?1 AND state <> 'open' LIMIT ?2)
                """, .integer(Int(records)), .integer(most))
            let hasMore = database.changes == most
            try database.run("DELETE FROM days WHERE day < ?1", .text(days))
            return hasMore
        }
    }

    /// Gives back the space of at most so many free pages.
    func vacuum(pages: Int) throws(SQLiteError) {
        try database.execute("PRAGMA incremental_vacuum(\(pages))")
    }
}
