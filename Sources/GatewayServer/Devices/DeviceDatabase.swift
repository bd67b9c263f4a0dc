import GatewayCore
package import GatewayTelemetry

/// The registry of devices in the state directory: written by the command line, read by the gateway.
package final class DeviceDatabase {
    static let fileName = "devices.sqlite"

    /// Why a device could not be added or changed.
    package enum Failure: Error, Equatable, CustomStringConvertible {
        case exists(String)
        case unknown(String, suggestion: String?)
        case revoked(String)

        package var description: String {
            switch self {
            case .exists(let name): "the device \(name) exists; give it a new token with: device rotate \(name)"
            case .unknown(let name, let suggestion):
                "there is no device \(name)" + (suggestion.map { "; did you mean \($0)?" } ?? "")
            case .revoked(let name): "the device \(name) is revoked; a rotation would not bring it back, add it anew"
            }
        }
    }

    private static let schema = [
        """
        CREATE TABLE devices (
            name TEXT PRIMARY KEY NOT NULL,
            hash BLOB NOT NULL UNIQUE,
            policy TEXT,
            added INTEGER NOT NULL,
            expires INTEGER,
            revoked INTEGER,
            last_seen INTEGER,
            sessions INTEGER NOT NULL DEFAULT 0,
            audio INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID
        """
    ]

    let database: SQLiteDatabase

    /// Opens the registry of a state directory, which is made when there is none.
    /// - Throws: `SQLiteError`.
    package init(stateDirectory path: String) throws(SQLiteError) {
        database = try SQLiteDatabase(path: "\(path)/\(Self.fileName)")
        try database.migrate(Self.schema)
    }

    /// Changes with every change that another program makes.
    func version() throws(SQLiteError) -> Int {
        try database.rows("PRAGMA data_version").first?.first?.integer ?? 0
    }

    /// All devices, by name.
    package func devices() throws(SQLiteError) -> [DeviceRecord] {
        try database.rows(
            "SELECT name, policy, added, expires, revoked, last_seen, sessions, audio, hash FROM devices ORDER BY name"
        ).compactMap(Self.record)
    }

    /// Adds a device; a revoked one of the same name makes room.
    /// - Parameter expires: Milliseconds since 1970.
    /// - Returns: Its token, which is kept nowhere.
    package func add(_ name: String, policy: String?, expires: Int?) throws -> String {
        let token = DeviceToken.random()
        try database.run("DELETE FROM devices WHERE name = ? AND revoked IS NOT NULL", .text(name))
        do throws(SQLiteError) {
            try database.run(
                "INSERT INTO devices (name, hash, policy, added, expires) VALUES (?, ?, ?, ?, ?)", .text(name),
                .blob(DeviceToken.hash(token)), .text(policy), .integer(Int(WallClock.milliseconds)), .integer(expires))
        } catch {
            throw error.kind == .constraint ? Failure.exists(name) : error
        }
        return token
    }

    /// Gives a device another token; the old one is good no more.
    /// - Parameter expires: As in `add`.
    package func rotate(_ name: String, expires: Int?) throws -> String {
        let token = DeviceToken.random()
        try database.run(
            "UPDATE devices SET hash = ?, expires = ? WHERE name = ? AND revoked IS NULL",
            .blob(DeviceToken.hash(token)), .integer(expires), .text(name))
        if database.changes == 0 { throw try absence(of: name) ?? Failure.revoked(name) }
        return token
    }

    /// Takes a device's token away; to do so twice changes nothing.
    package func revoke(_ name: String) throws {
        try database.run(
            "UPDATE devices SET revoked = ? WHERE name = ? AND revoked IS NULL", .integer(Int(WallClock.milliseconds)),
            .text(name))
        if database.changes == 0, let failure = try absence(of: name) { throw failure }
    }

    /// Adds to what is known of a device's use.
    func note(_ use: DeviceUse, of name: String) throws(SQLiteError) {
        try database.run(
            """
            UPDATE devices SET last_seen = max(coalesce(last_seen, 0), ?), sessions = sessions + ?, audio = audio + ?
            WHERE name = ?
            """, .integer(use.lastSeen), .integer(use.sessions), .integer(use.audio), .text(name))
    }

    private func absence(of name: String) throws -> Failure? {
        let names = try devices().map(\.name)
        guard !names.contains(name) else { return nil }
        return .unknown(name, suggestion: Suggestion.nearest(to: name, among: names))
    }

    private static func record(_ row: [SQLiteValue]) -> DeviceRecord? {
        guard row.count == 9, let name = row[0].text, let added = row[2].integer, let hash = row[8].blob else {
            return nil
        }
        return DeviceRecord(
            name: name, policy: row[1].text, added: added, expires: row[3].integer, revoked: row[4].integer,
            lastSeen: row[5].integer, sessions: row[6].integer ?? 0, audio: row[7].integer ?? 0, hash: hash)
    }
}

/// What a device has done since that was last written down.
struct DeviceUse: Sendable, Equatable {
    /// Milliseconds since 1970.
    var lastSeen: Int
    var sessions = 0
    /// Milliseconds of audio.
    var audio = 0
}
