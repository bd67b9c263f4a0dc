/// The names that a listener answers to, against DNS rebinding: a name must be one of ours; an IP literal must be the
/// address that was connected to or one that is configured, which no name server can change. Port, case and a trailing
/// dot do not count.
struct ServedHosts: Sendable, Equatable {
    private let names: Set<String>

    /// - Parameter names: Names in lower case and addresses in canonical form, besides `localhost` and the connection's
    ///   own address.
    init(_ names: [String]) {
        self.names = Set(names)
    }

    /// Whether a `Host` header as sent is served on a connection to the address `local`.
    func contains(_ host: String, local: IPAddress?) -> Bool {
        guard var name = Self.withoutPort(AccessRequest.folded(host)) else { return false }
        if name.hasPrefix("[") {
            guard name.hasSuffix("]"), name.contains(":"), let address = IPAddress(name.dropFirst().dropLast())
            else { return false }
            return contains(address, local: local)
        }
        if let address = IPAddress(name) { return contains(address, local: local) }
        if name.hasSuffix(".") { name.removeLast() }
        return name == "localhost" || names.contains(name)
    }

    private func contains(_ address: IPAddress, local: IPAddress?) -> Bool {
        address == local || names.contains(address.description)
    }

    /// `nil` when the port is not one.
    private static func withoutPort(_ host: String) -> String? {
        guard let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") else { return host }
        let port = host[host.index(after: colon)...]
        guard port.utf8.count <= 5, port.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let name = String(host[..<colon])
        return name.contains(":") && !name.hasPrefix("[") ? nil : name
    }
}
