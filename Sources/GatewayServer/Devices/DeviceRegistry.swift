import GatewayCore
import GatewayTelemetry
import Synchronization

/// The devices that may connect, as the database has had them a moment ago.
final class DeviceRegistry: Sendable {
    /// Why a token was not taken.
    enum Failure: Error {
        case invalid, expired
    }

    private struct Known {
        /// By the first bytes of the hash, so that looking one up tells nothing about the rest of it.
        var byHash: [UInt64: [DeviceRecord]] = [:]
        var byName: [String: DeviceRecord] = [:]
        /// What is not written down yet; at most as much as there are devices.
        var uses: [String: DeviceUse] = [:]
    }

    private struct Source: ~Copyable {
        var database: DeviceDatabase
        var version: Int?
    }

    private let known = Mutex(Known())
    private let source: Mutex<Source>

    /// - Throws: `SQLiteError`.
    init(directory: StateDirectory) throws(SQLiteError) {
        source = Mutex(Source(database: try DeviceDatabase(stateDirectory: directory.path)))
        try refresh()
    }

    /// The device whose token this is.
    func device(token: String) throws(Failure) -> DeviceRecord {
        guard DeviceToken.isPlausible(token) else { throw .invalid }
        let hash = DeviceToken.hash(token)
        let candidates = known.withLock { $0.byHash[Self.bucket(hash)] ?? [] }
        guard let device = candidates.first(where: { Digest.areEqual($0.hash, hash) }) else { throw .invalid }
        switch device.state(now: Int(WallClock.milliseconds)) {
        case .good: return device
        case .revoked: throw .invalid
        case .expired: throw .expired
        }
    }

    /// The device to which this token belongs, if it may connect.
    func device(_ key: DeviceKey) -> DeviceRecord? {
        let device = known.withLock { $0.byName[key.name] }
        return ending(of: key) == nil ? device : nil
    }

    /// How the device to which this token belonged stands; `nil` when it is good. Revoked is what was replaced, too.
    func ending(of key: DeviceKey) -> Ending? {
        guard let device = known.withLock({ $0.byName[key.name] }), device.key == key else { return .credentialRevoked }
        switch device.state(now: Int(WallClock.milliseconds)) {
        case .good: return nil
        case .revoked: return .credentialRevoked
        case .expired: return .credentialExpired
        }
    }

    /// A device came, or has sent audio, in milliseconds.
    func noteUse(of name: String, sessions: Int = 0, audio: Int = 0) {
        known.withLock { known in
            guard known.byName[name] != nil else { return }
            var use = known.uses[name] ?? DeviceUse(lastSeen: 0)
            use.lastSeen = Int(WallClock.milliseconds)
            use.sessions += sessions
            use.audio += audio
            known.uses[name] = use
        }
    }

    /// Reads the database again when it has changed; whether it had. Blocks on the disk.
    @discardableResult
    func refresh() throws(SQLiteError) -> Bool {
        try source.withLock { source throws(SQLiteError) in
            let version = try source.database.version()
            guard version != source.version else { return false }
            let devices = try source.database.devices()
            source.version = version
            var fresh = Known()
            for device in devices {
                fresh.byHash[Self.bucket(device.hash), default: []].append(device)
                fresh.byName[device.name] = device
            }
            known.withLock { known in
                fresh.uses = known.uses.filter { fresh.byName[$0.key] != nil }
                known = fresh
            }
            return true
        }
    }

    /// Writes down when devices came and what they used. Blocks on the disk.
    func writeUses() throws(SQLiteError) {
        let uses = known.withLock { known in
            defer { known.uses = [:] }
            return known.uses
        }
        guard !uses.isEmpty else { return }
        try source.withLock { source throws(SQLiteError) in
            for (name, use) in uses { try source.database.note(use, of: name) }
        }
    }

    private static func bucket(_ hash: [UInt8]) -> UInt64 { hash.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
