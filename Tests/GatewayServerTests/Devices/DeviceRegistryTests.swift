import GatewayCore
import GatewayTesting
import Testing

@testable import GatewayServer

@Suite("Devices")
struct DeviceRegistryTests {

    /// A registry as the gateway has it, and the database as the command line has it.
    private static func both(_ directory: TemporaryDirectory) throws -> (DeviceRegistry, DeviceDatabase) {
        let state = try StateDirectory(path: directory.path)
        return (
            try DeviceRegistry(directory: state), try DeviceDatabase(stateDirectory: directory.path)
        )
    }

    @Test("a token is 256 random bits, good as soon as the registry has looked, and kept nowhere")
    func add() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let (registry, database) = try Self.both(directory)
        let token = try database.add("kiosk-1", policy: "noisy", expires: nil)
        #expect(token.hasPrefix("fgd_"))
        #expect(Base64URL.decode(token.dropFirst(4))?.count == 32)
        #expect(throws: DeviceRegistry.Failure.invalid) { try registry.device(token: token) }
        #expect(try registry.refresh() == true)
        #expect(try registry.refresh() == false)
        let device = try registry.device(token: token)
        #expect(device.name == "kiosk-1" && device.policy == "noisy")
        #expect(registry.ending(of: device.key) == nil)
        let bytes = try StateFile.read("\(directory.path)/\(DeviceDatabase.fileName)", limit: 1 << 24) ?? []
        #expect(!String(decoding: bytes, as: UTF8.self).contains(token.dropFirst(4)))
    }

    @Test(
        "every other token is refused",
        arguments: ["fgd_", "fgd_x", "", "fgt_x", "fgd_" + String(repeating: "A", count: 43)])
    func strangers(token: String) throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let (registry, database) = try Self.both(directory)
        _ = try database.add("a", policy: nil, expires: nil)
        try registry.refresh()
        #expect(throws: DeviceRegistry.Failure.invalid) { try registry.device(token: token) }
    }

    @Test("rotation and revocation end what the old token had")
    func endings() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let (registry, database) = try Self.both(directory)
        let old = try database.add("a", policy: nil, expires: nil)
        try registry.refresh()
        let key = try registry.device(token: old).key
        let new = try database.rotate("a", expires: nil)
        try registry.refresh()
        #expect(throws: DeviceRegistry.Failure.invalid) { try registry.device(token: old) }
        #expect(registry.ending(of: key) == .credentialRevoked)
        let next = try registry.device(token: new).key
        #expect(registry.ending(of: next) == nil)
        try database.revoke("a")
        try database.revoke("a")
        try registry.refresh()
        #expect(throws: DeviceRegistry.Failure.invalid) { try registry.device(token: new) }
        #expect(registry.ending(of: next) == .credentialRevoked)
        #expect(throws: DeviceDatabase.Failure.revoked("a")) { try database.rotate("a", expires: nil) }
        #expect(try database.add("a", policy: nil, expires: nil) != new)
    }

    @Test("a token expires by the clock")
    func expiry() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let (registry, database) = try Self.both(directory)
        let token = try database.add("a", policy: nil, expires: Int(WallClock.milliseconds) - 1)
        try registry.refresh()
        #expect(throws: DeviceRegistry.Failure.expired) { try registry.device(token: token) }
        let key = try #require(database.devices().first?.key)
        #expect(registry.ending(of: key) == .credentialExpired)
        #expect(registry.device(key) == nil)
    }

    @Test("what cannot be done says why, with what was meant")
    func failures() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let (_, database) = try Self.both(directory)
        _ = try database.add("kiosk-1", policy: nil, expires: nil)
        #expect(throws: DeviceDatabase.Failure.exists("kiosk-1")) {
            try database.add("kiosk-1", policy: nil, expires: nil)
        }
        #expect(throws: DeviceDatabase.Failure.unknown("kiosk-2", suggestion: "kiosk-1")) {
            try database.revoke("kiosk-2")
        }
        #expect(throws: DeviceDatabase.Failure.unknown("x", suggestion: nil)) { try database.rotate("x", expires: nil) }
    }

    @Test("use is summed up and written down, and by that nothing is taken for changed")
    func use() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let (registry, database) = try Self.both(directory)
        _ = try database.add("a", policy: nil, expires: nil)
        try registry.refresh()
        registry.noteUse(of: "a")
        registry.noteUse(of: "a", sessions: 1, audio: 1500)
        registry.noteUse(of: "a", sessions: 1, audio: 500)
        registry.noteUse(of: "stranger", sessions: 1)
        try registry.writeUses()
        try registry.writeUses()
        #expect(try registry.refresh() == false)
        let device = try #require(database.devices().first)
        #expect(device.sessions == 2 && device.audio == 2000 && device.lastSeen != nil)
    }
}
