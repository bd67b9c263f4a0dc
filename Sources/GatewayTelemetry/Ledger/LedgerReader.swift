package import GatewayCore

/// Reads a ledger that a gateway may be writing at the same time.
package final class LedgerReader {
    private let database: SQLiteDatabase

    /// - Throws: `SQLiteError` when there is no ledger at the path, or one of a later version.
    package init(path: String) throws(SQLiteError) {
        database = try SQLiteDatabase(path: path, options: SQLiteDatabase.Options(access: .read))
        let version = try database.version()
        guard version > 0 else { throw database.misuse("this is no usage ledger, or an empty one") }
        guard version <= LedgerSchema.steps.count else {
            throw SQLiteError(kind: .tooNew, code: 0, message: "", path: path)
        }
    }

    // MARK: Sums

    /// Adds up what began since `moment` (ms since 1970), or everything. From the beginning of a day (UTC) it goes by
    /// the sums of days, which reach farther back than the records.
    package func report(by grouping: UsageReport.Grouping, since moment: Int64?) throws(SQLiteError) -> UsageReport {
        let isWholeDays = moment.map { $0 % 86_400_000 == 0 } ?? true
        let sums = UsageReport.Sum.allCases.map { "sum(\($0.rawValue)) AS \($0.rawValue)" }.joined(separator: ", ")
        let order = grouping == .day ? "1" : "sum(audio_seconds) DESC, 1"
        let source =
            isWholeDays ? Self.ofDays + " UNION ALL " + Self.ofSessions("state = 'open'") : Self.ofSessions("1")
        let since = moment ?? 0
        var rows: [UsageReport.Row] = []
        let statement = try database.prepare(
            "SELECT \(grouping.rawValue), \(sums) FROM (\(source)) GROUP BY 1 ORDER BY \(order)")
        try statement.forEach([.integer(Int(since)), .text(String(UTCTime.text(since).prefix(10)))]) { columns in
            let numbers = columns.dropFirst().map { $0.real ?? 0 }
            rows.append(
                UsageReport.Row(
                    key: columns.first?.text ?? "",
                    sums: Dictionary(uniqueKeysWithValues: zip(UsageReport.Sum.allCases, numbers))))
        }
        return UsageReport(grouping: grouping, rows: rows)
    }

    private static let added = UsageReport.Sum.allCases.dropFirst(3).map(\.rawValue).joined(separator: ", ")
    private static let ofDays = """
        SELECT client, policy, origin, day, sessions, 0 AS open, lost, \(added) FROM days WHERE day >= ?2 AND ?1 >= 0
        """

    private static func ofSessions(_ condition: String) -> String {
        """
        SELECT client, coalesce(policy, ''), coalesce(origin, ''), \(LedgerSQL.day) AS day, 1 AS sessions, \
        state = 'open' AS open, state = 'lost' AS lost, \(added) FROM sessions \
        WHERE started_at_ms >= ?1 AND ?2 <> '' AND \(condition)
        """
    }

    // MARK: Records

    /// The name of the gateway that writes it, made once with the file, and the number of the last closed record.
    package func identity() throws(SQLiteError) -> (node: String, sequence: Int) {
        let node = try database.rows("SELECT value FROM meta WHERE name = 'node'").first?.first?.text
        let sequence = try database.rows("SELECT value FROM meta WHERE name = 'sequence'").first?.first?.integer
        return (node ?? "", sequence ?? 0)
    }

    /// Hands over the records of sessions that ended, numbered above `cursor`, in the order of their numbers, as JSON
    /// objects.
    package func export(since cursor: Int, most: Int, _ body: (JSONValue) -> Void) throws(SQLiteError) {
        let node = try identity().node
        // A ledger that no gateway of this version has opened yet lacks what is new.
        let known = Set(
            try database.rows("SELECT name FROM pragma_table_info('sessions')").compactMap { $0.first?.text })
        let fields = UsageField.allCases.map(\.rawValue).filter(known.contains)
        let statement = try database.prepare(
            """
            SELECT sequence, state, \(fields.joined(separator: ", ")) FROM sessions
            WHERE sequence > ?1 ORDER BY sequence LIMIT ?2
            """)
        let names = ["sequence", "state"] + fields
        try statement.forEach([.integer(cursor), .integer(most)]) { columns in
            var object = JSONObject()
            object["node"] = .string(node)
            for (name, value) in zip(names, columns) { object[name] = Self.json(value) }
            body(.object(object))
        }
    }

    private static func json(_ value: SQLiteValue) -> JSONValue? {
        switch value {
        case .integer(let number): .number(JSONNumber(number))
        case .real(let number): JSONNumber(number).map(JSONValue.number)
        case .text(let text): .string(text)
        case .null, .blob: nil
        }
    }
}
