import GatewayCore

/// How a record becomes a row.
enum LedgerSQL {
    private static let columns = ["state", "sequence", "updated_at_ms"] + UsageField.allCases.map(\.rawValue)
    private static let insertion = """
        INSERT INTO sessions(\(columns.joined(separator: ", ")))
        VALUES (\(columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")))
        """

    /// Inserts a row, or updates one that is still open.
    static let upsert: String = {
        let updates = columns.filter { $0 != UsageField.session.rawValue }.map { "\($0) = excluded.\($0)" }
        return insertion + " ON CONFLICT(session) DO UPDATE SET \(updates.joined(separator: ", ")) WHERE state = 'open'"
    }()

    /// Inserts a row where there is none.
    static let insert = insertion + " ON CONFLICT(session) DO NOTHING"

    /// Gives an open row at least so many bytes of audio, received and sent on.
    static let raise = """
        UPDATE sessions SET
            forwarded_bytes = ?2, forwarded_seconds = round(?2 * 1.0 / declared_bytes_per_second, 3),
            audio_bytes = max(audio_bytes, ?2),
            audio_seconds = round(max(audio_bytes, ?2) * 1.0 / declared_bytes_per_second, 3)
        WHERE session = ?1 AND state = 'open' AND forwarded_bytes < ?2
        """

    /// Values for `upsert` and `insert`.
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
