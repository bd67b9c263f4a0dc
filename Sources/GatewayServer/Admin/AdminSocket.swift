import GatewayCore
import Glibc

/// The unix socket of the admin surface: made for those who may open it, and for no one else at any moment.
enum AdminSocket {
    /// Binds at the address of the settings with `bind`; a unix socket that a dead gateway has left makes room, and the
    /// new one has its permissions before anybody can connect. One that is inherited has those that its maker gave it.
    /// - Throws: `StartFailure`, and what `bind` throws.
    static func make<Server>(
        _ settings: AdminSettings, isInherited: Bool, bind: () async throws -> Server
    ) async throws -> Server {
        guard case .unix(let path) = settings.address, !isInherited else { return try await bind() }
        let group = try settings.socket.group.map(identifier)
        try clear(path)
        // The mask is the whole process's: what else is made meanwhile is closed to others too, and no harm is done.
        let mask = umask(0o177)
        defer { umask(mask) }
        let server = try await bind()
        if let group, chown(path, uid_t.max, group) != 0 {
            throw failure(path, "cannot be given to its group", "put the gateway's user into that group")
        }
        guard chmod(path, settings.socket.mode) == 0 else { throw failure(path, "cannot be given its mode", nil) }
        return server
    }

    /// The path of the socket that the gateway makes itself; `nil` when it makes none.
    static func path(of settings: GatewaySettings, _ sockets: SocketAssignment) -> String? {
        guard case .unix(let path) = settings.admin?.address, sockets.descriptors[SocketAssignment.admin] == nil else {
            return nil
        }
        return path
    }

    /// Takes the socket's file away, once nobody listens there.
    static func remove(_ path: String) { unlink(path) }

    private static func clear(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard let slash = path.lastIndex(of: "/"), access(String(path[...slash]), F_OK) != 0 else { return }
            throw StartFailure(
                "the directory of the admin socket \(path) is not there: make it, or put "
                    + "RuntimeDirectory=fennec-gateway into the systemd unit")
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw StartFailure("\(path) is there and no socket: give admin.address another path")
        }
        guard !isListening(path) else {
            throw StartFailure("another program listens on \(path): does a gateway run already?")
        }
        guard unlink(path) == 0 else { throw failure(path, "cannot be replaced", nil) }
    }

    private static func isListening(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return result == 0 || errno != ECONNREFUSED
    }

    private static func identifier(_ name: String) throws -> gid_t {
        var group = Glibc.group()
        var buffer = [CChar](repeating: 0, count: 1 << 16)
        var found: UnsafeMutablePointer<Glibc.group>?
        guard getgrnam_r(name, &group, &buffer, buffer.count, &found) == 0, found != nil else {
            throw StartFailure("admin.socket_group: there is no group \(name) on this machine")
        }
        return group.gr_gid
    }

    private static func failure(_ path: String, _ what: String, _ cure: String?) -> StartFailure {
        StartFailure(
            "the admin socket \(path) \(what): \(String(cString: strerror(errno)))" + (cure.map { "; \($0)" } ?? ""))
    }
}
