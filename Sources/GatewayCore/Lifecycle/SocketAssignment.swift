/// Which inherited sockets are whose: each listener that has some serves there instead of at its own address.
package struct SocketAssignment: Sendable, Equatable {
    /// The name of the admin surface's socket.
    package static let admin = "admin"

    /// What is wrong with the sockets, all of it, a sentence for each with its remedy.
    package struct Refused: Error, Sendable, Equatable, CustomStringConvertible {
        package let problems: [String]

        package var description: String { problems.map { $0 + "\n" }.joined() }
    }

    /// The descriptors of a listener or, by `admin`, of the admin surface; at least one.
    package private(set) var descriptors: [String: [Int32]] = [:]

    /// No sockets.
    package init() {}

    /// - Throws: `Refused`: a name that nothing has, a socket that cannot be served at, or an admin surface that would
    ///   face the network.
    package init(_ sockets: [InheritedSocket], settings: GatewaySettings) throws(Refused) {
        var problems: [String] = []
        for socket in sockets {
            if let problem = Self.problem(of: socket, settings) {
                problems.append("the inherited socket '\(socket.name)' \(problem)")
            } else {
                descriptors[socket.name, default: []].append(socket.descriptor)
            }
        }
        guard problems.isEmpty else { throw Refused(problems: problems) }
    }

    private static func problem(of socket: InheritedSocket, _ settings: GatewaySettings) -> String? {
        let isAdmin = socket.name == admin
        let known = settings.listeners.map(\.name) + [admin]
        guard known.contains(socket.name) else {
            let guess = Suggestion.nearest(to: socket.name, among: known).map { "; did you mean \($0)?" } ?? ""
            return "is nobody's: FileDescriptorName= (systemd-socket-activate: --fdname=) must be one of "
                + known.joined(separator: ", ") + guess
        }
        if isAdmin, settings.admin == nil {
            return "is for an admin surface that is switched off: remove its socket unit, or admin: off"
        }
        switch socket.kind {
        case .other: return "is no stream socket that listens: use ListenStream= without Accept=yes"
        case .listening(.unix) where !isAdmin:
            return "is a unix socket, which clients cannot be told apart on: give ListenStream= an IP address and port"
        case .listening(.ip(let host, _)) where isAdmin && !isLoopback(host):
            return "would open the admin surface to the network at \(host): use a loopback address or a unix socket"
        case .listening: return nil
        }
    }

    private static func isLoopback(_ host: String) -> Bool {
        guard let address = IPAddress(host) else { return false }
        return AddressRange.loopback.contains { $0.contains(address) }
    }
}
