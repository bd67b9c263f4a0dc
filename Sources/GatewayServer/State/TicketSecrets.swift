import GatewayCore

/// The secrets that tickets are signed with: the newest signs, the others are still believed. Kept in the state
/// directory, one on a line with the second since 1970 in which it was made; gateways that share the file take each
/// other's tickets.
struct TicketSecrets: Sendable {
    /// How long a secret signs.
    static let lifetime = 30 * 86_400
    /// How long a secret that signs no more is believed: as long as the longest ticket lasts.
    static let overlap = TicketOrder.longestLife
    static let fileName = "ticket-secrets"

    private struct Secret: Sendable {
        var made: Int
        var key: [UInt8]
    }

    /// The newest first.
    private var secrets: [Secret]

    /// A secret that nobody keeps.
    init(now: Int) {
        secrets = [Secret(made: now, key: Digest.random(32))]
    }

    /// Reads the secrets of a directory, or makes the first one; an old one gets a successor.
    /// - Parameter now: Seconds since 1970.
    /// - Throws: `StateFileError`.
    init(in directory: StateDirectory, now: Int) throws(StateFileError) {
        let path = directory.file(Self.fileName)
        let bytes = try StateFile.read(path, limit: 1 << 16)
        secrets = String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\n").compactMap(Self.secret)
            .sorted { $0.made > $1.made }
        guard bytes == nil || !secrets.isEmpty else {
            throw StateFileError(path: path, words: "holds no secret: remove it, and a new one will be made")
        }
        if rotate(now: now) { try save(in: directory) }
    }

    /// Makes a new secret when the newest is old, and forgets those that no ticket can need; whether anything changed.
    mutating func rotate(now: Int) -> Bool {
        var changed = false
        if secrets.first.map({ now - $0.made >= Self.lifetime }) ?? true {
            secrets.insert(Secret(made: now, key: Digest.random(32)), at: 0)
            changed = true
        }
        // A secret signed until its successor was made.
        let kept = secrets.indices.filter { $0 == 0 || now - secrets[$0 - 1].made < Self.overlap }
        if kept.count < secrets.count { changed = true }
        secrets = kept.map { secrets[$0] }
        return changed
    }

    /// Writes them down.
    func save(in directory: StateDirectory) throws(StateFileError) {
        let text = secrets.map { "\($0.made) \(Digest.hexadecimal($0.key))\n" }.joined()
        try StateFile.replace(directory.file(Self.fileName), with: Array(text.utf8))
    }

    /// The signature of these bytes, 32 bytes long.
    func sign(_ bytes: [UInt8]) -> [UInt8] { Digest.hmac(bytes, key: secrets[0].key) }

    /// Whether one of the secrets signed these bytes.
    func isSigned(_ bytes: [UInt8], with signature: [UInt8]) -> Bool {
        secrets.contains { Digest.areEqual(Digest.hmac(bytes, key: $0.key), signature) }
    }

    private static func secret(_ line: Substring) -> Secret? {
        let parts = line.split(separator: " ")
        guard parts.count == 2, let made = Int(parts[0]), let key = Digest.bytes(hexadecimal: parts[1]), key.count >= 32
        else { return nil }
        return Secret(made: made, key: key)
    }
}
