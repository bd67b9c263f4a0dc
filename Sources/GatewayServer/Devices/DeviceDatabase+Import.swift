import GatewayCore
package import GatewayTelemetry

extension DeviceDatabase {
    /// A device that is to be added.
    package struct Newcomer: Sendable, Equatable {
        package var name: String
        package var policy: String?
        /// Milliseconds since 1970; `nil` for never.
        package var expires: Int?
        /// SHA-256 of the token that it has; `nil` lets one be made.
        package var hash: [UInt8]?

        package init(name: String, policy: String? = nil, expires: Int? = nil, hash: [UInt8]? = nil) {
            self.name = name
            self.policy = policy
            self.expires = expires
            self.hash = hash
        }

        /// Reads 64 hexadecimal digits; `nil` when they are none.
        package static func hash(hexadecimal text: String) -> [UInt8]? {
            text.utf8.count == 64 ? Digest.bytes(hexadecimal: text) : nil
        }
    }

    /// Why one of many devices cannot be added.
    package struct Collision: Sendable, Equatable {
        /// Which it is, from 0.
        package let index: Int
        package let words: String
    }

    /// Adds devices, all of them or none; revoked ones of the same names make room.
    /// - Parameter dryRun: Adds none, and only looks which could not be.
    /// - Returns: The tokens that were made, in the order of the devices, and whatever is in the way.
    /// - Throws: `SQLiteError`.
    package func add(_ newcomers: [Newcomer], dryRun: Bool = false) throws(SQLiteError) -> (
        tokens: [String?], collisions: [Collision]
    ) {
        try database.transaction { () throws(SQLiteError) in
            let present = try devices()
            let collisions = Self.collisions(of: newcomers, with: present)
            guard collisions.isEmpty, !dryRun else { return ([], collisions) }
            let now = Int(WallClock.milliseconds)
            var tokens: [String?] = []
            for newcomer in newcomers {
                let token = newcomer.hash == nil ? DeviceToken.random() : nil
                let hash = newcomer.hash ?? token.map(DeviceToken.hash) ?? []
                try database.run("DELETE FROM devices WHERE name = ? AND revoked IS NOT NULL", .text(newcomer.name))
                try database.run(
                    "INSERT INTO devices (name, hash, policy, added, expires) VALUES (?, ?, ?, ?, ?)",
                    .text(newcomer.name), .blob(hash), .text(newcomer.policy), .integer(now),
                    .integer(newcomer.expires))
                tokens.append(token)
            }
            return (tokens, [])
        }
    }

    private static func collisions(of newcomers: [Newcomer], with present: [DeviceRecord]) -> [Collision] {
        let names = Set(present.filter { $0.revoked == nil }.map(\.name))
        let holders = Dictionary(present.map { ($0.hash, $0) }, uniquingKeysWith: { first, _ in first })
        return newcomers.enumerated().flatMap { index, newcomer in
            var words: [String] = []
            if names.contains(newcomer.name) { words.append("\(Failure.exists(newcomer.name))") }
            if let holder = newcomer.hash.flatMap({ holders[$0] }) {
                let state = holder.revoked == nil ? "has" : "had, and it was revoked"
                words.append("this is the token that \(holder.name) \(state); every device needs one of its own")
            }
            return words.map { Collision(index: index, words: $0) }
        }
    }
}
