import GatewayCore

/// How a record becomes a row.
enum LedgerSQL {
    /// Inserts a row, or updates one that is still open.
    static let upsert: String = {
        let own = ["state", "sequence", "updated_at_ms"]
        let columns = own + UsageField.allCases.map(\.rawValue)
        let places = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
        let updates = columns.filter { $0 != UsageField.session.rawValue }.map { "\($0) = excluded.\($0)" }
        return """
            INSERT INTO sessions(\(columns.joined(separator: ", "))) VALUES (\(places))
            ON CONFLICT(session) DO UPDATE SET \(updates.joined(separator: ", ")) WHERE state = 'open'
            """
    }()

    /// Values for `upsert`.
    static func values(of record: UsageRecord, state: String, sequence: Int?, at time: Int64) -> [SQLiteValue] {
        [.text(state), .integer(sequence), .integer(Int(time))]
            + UsageField.allCases.map { field in record.value(of: field).map(SQLiteValue.init) ?? .null }
    }

    private static let sums = [
        "lost", "duration_ms", "audio_seconds", "audio_bytes", "forwarded_seconds", "forwarded_bytes", "utterances",
        "words", "characters",
    ]

    /// The day (UTC) on which a session began, from its `started_at_ms`.
    static let day = "strftime('%Y-%m-%d', started_at_ms / 1000, 'unixepoch')"

    /// Adds the row of one session to its day.
    static let addToDay = """
        INSERT INTO days(day, client, rule, policy, origin, sessions, \(sums.joined(separator: ", ")))
        SELECT \(day), client, rule, coalesce(policy, ''), coalesce(origin, ''), 1, state = 'lost', \
        \(sums.dropFirst().joined(separator: ", ")) FROM sessions WHERE session = ?1
        ON CONFLICT(day, client, rule, policy, origin) DO UPDATE SET
            sessions = sessions + 1, \(sums.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", "))
        """
}

extension SQLiteValue {
    init(_ value: UsageValue) {
        switch value {
        case .text(let text): self = .text(text)
        case .integer(let number): self = .integer(number)
        case .number(let number): self = .real(number)
        }
    }
}
