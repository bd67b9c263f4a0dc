extension AccessRule {
    /// Whether everything that the rule looks at holds. A request with an origin matches only a rule that lists it, one
    /// without only a rule that does not look at it; a rule that looks at nothing matches nobody.
    func matches(_ request: AccessRequest, origin: String?) -> Bool {
        holds(request, origin: origin) && proofs(of: request).allSatisfy { $0 == .good }
    }

    /// Whether the rule would match if the request carried what it does not.
    func wantsMore(_ request: AccessRequest, origin: String?) -> Bool {
        let proofs = proofs(of: request)
        return holds(request, origin: origin) && proofs.contains(.missing) && !proofs.contains(.other)
    }

    private enum Proof {
        case good, missing, other
    }

    /// What the request proves of what the rule asks for.
    private func proofs(of request: AccessRequest) -> [Proof] {
        [
            Self.judge(devices, request.device) { patterns, name in patterns.contains { $0.matches(name) } },
            Self.judge(token, request.token) { $0.matches($1) },
            Self.judge(certificate, request.certificate) { $0.matches($1) },
        ]
    }

    private static func judge<Wanted, Shown>(
        _ wanted: Wanted?, _ shown: Shown?, _ matches: (Wanted, Shown) -> Bool
    ) -> Proof {
        guard let wanted else { return .good }
        return shown.map { matches(wanted, $0) ? .good : .other } ?? .missing
    }

    /// Whether all but device, JWT and certificate holds.
    func holds(_ request: AccessRequest, origin: String?) -> Bool {
        guard looksAtSomething else { return false }
        switch (origin, origins) {
        case (nil, nil): break
        case (let origin?, .some) where lists(origin: origin): break
        default: return false
        }
        return holdsPlace(request)
    }

    /// Whether listener and address hold.
    func holdsPlace(_ request: AccessRequest) -> Bool {
        if let listeners, !listeners.contains(request.listener) { return false }
        return addresses?.contains { $0.matches(request.client) } ?? true
    }

    /// Whether pages of this origin, in lower case, are meant.
    func lists(origin: String) -> Bool {
        origins?.contains { $0.matches(origin) } == true
    }

    private var looksAtSomething: Bool {
        origins != nil || addresses != nil || devices != nil || token != nil || certificate != nil || listeners != nil
    }
}
