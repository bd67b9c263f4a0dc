/// Who may connect: the `access` rules of the configuration, and the names that a listener answers to.
package struct AccessPolicy: Sendable, Equatable {
    /// What was decided about a request.
    package enum Decision: Sendable, Equatable {
        /// This rule lets it in.
        case admitted(rule: AccessRule)
        case refused(Refusal)
    }

    private let rules: [AccessRule]
    private let hosts: Set<String>

    /// - Parameter hosts: Names, in lower case, that `Host` may carry besides `localhost` and the connection's address.
    package init(rules: [AccessRule], hosts: [String]) {
        self.rules = rules
        self.hosts = Set(hosts)
    }

    /// The first rule that matches decides; no match is refused, and so is a `Host` that is not served here.
    package func decide(_ request: AccessRequest) -> Decision {
        guard serves(host: request.host, local: request.local) else { return .refused(.hostRefused) }
        guard request.origins.count <= 1 else { return .refused(.badRequest) }
        let origin = request.origins.first?.lowercased()
        if let rule = rules.first(where: { Self.matches($0, origin: origin, address: request.remote) }) {
            return .admitted(rule: rule)
        }
        let isOriginKnown = rules.contains { rule in origin.map { rule.origins?.contains($0) == true } ?? false }
        return .refused(origin == nil || isOriginKnown ? .addressRefused : .originRefused)
    }

    /// Whether any rule lets pages of this origin in, from some address.
    package func mentions(origin: String) -> Bool {
        rules.contains { $0.origins?.contains(origin.lowercased()) == true }
    }

    /// A request with an origin matches only a rule that lists it, one without only a rule that does not look at it.
    private static func matches(_ rule: AccessRule, origin: String?, address: IPAddress?) -> Bool {
        switch (origin, rule.origins) {
        case (nil, nil): break
        case (.some(let origin), .some(let listed)) where listed.contains(origin): break
        default: return false
        }
        guard let ranges = rule.addresses else { return rule.origins != nil }
        guard let address else { return false }
        return ranges.contains { $0.contains(address) }
    }

    /// Against DNS rebinding: a name must be one of ours; an IP literal must be the address that was connected to,
    /// which no name server can change. Port, case and a trailing dot do not count.
    private func serves(host: String, local: IPAddress?) -> Bool {
        guard var name = Self.withoutPort(host.lowercased()) else { return false }
        if name.hasPrefix("[") {
            guard name.hasSuffix("]"), let address = IPAddress(name.dropFirst().dropLast()) else { return false }
            return address == local
        }
        if let address = IPAddress(name) { return address == local }
        if name.hasSuffix(".") { name.removeLast() }
        return name == "localhost" || hosts.contains(name)
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
