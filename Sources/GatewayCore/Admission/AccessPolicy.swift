/// Who may connect: the `access` rules of the configuration, and the names that a listener answers to.
package struct AccessPolicy: Sendable, Equatable {
    /// What was decided about a request.
    package enum Decision: Sendable, Equatable {
        /// This rule lets it in.
        case admitted(rule: AccessRule)
        case refused(Refusal)
    }

    private let rules: [AccessRule]
    private let hosts: ServedHosts

    /// - Parameter hosts: Names in lower case and addresses in canonical form that `Host` may carry besides `localhost`
    ///   and the connection's address.
    package init(rules: [AccessRule], hosts: [String]) {
        self.rules = rules
        self.hosts = ServedHosts(hosts)
    }

    /// The first rule that matches decides; no match is refused, and so is a `Host` that is not served here.
    package func decide(_ request: AccessRequest) -> Decision {
        if let refusal = formRefusal(request) { return .refused(refusal) }
        let origin = request.origin
        if let rule = rules.first(where: { $0.matches(request, origin: origin) }) { return .admitted(rule: rule) }
        if let origin, !rules.contains(where: { $0.lists(origin: origin) }) { return .refused(.originRefused) }
        // Where only device, JWT or certificate is missing, one would have helped.
        if rules.contains(where: { $0.wantsMore(request, origin: origin) }) {
            return .refused(.credentialRequired)
        }
        return .refused(.addressRefused)
    }

    /// Decides about a request that carries a ticket: the rule that it was issued under must still be there, and all of
    /// it but the credential must hold.
    /// - Parameter origin: The origin that the ticket is bound to, in lower case; `nil` for programs.
    package func decide(_ request: AccessRequest, ticketRule name: String, origin: String?) -> Decision {
        if let refusal = formRefusal(request) { return .refused(refusal) }
        guard request.origin == origin else { return .refused(.originRefused) }
        guard let rule = rules.first(where: { $0.name == name }) else { return .refused(.credentialInvalid) }
        // A rule that names origins must still name this one, and lets no program in; one that names none vouched for
        // the ticket's own.
        guard rule.origins == nil || origin.map(rule.lists) == true else { return .refused(.originRefused) }
        guard rule.holdsPlace(request) else { return .refused(.addressRefused) }
        return .admitted(rule: rule)
    }

    /// Whether any rule lets pages of this origin in, from some address.
    package func mentions(origin: String) -> Bool {
        let origin = AccessRequest.folded(origin)
        return rules.contains { $0.lists(origin: origin) }
    }

    /// What is wrong with a request before anybody asks who sent it; `nil` when nothing is.
    package func formRefusal(_ request: AccessRequest) -> Refusal? {
        if !hosts.contains(request.host, local: request.local) { return .hostRefused }
        return request.origins.count <= 1 ? nil : .badRequest
    }
}
