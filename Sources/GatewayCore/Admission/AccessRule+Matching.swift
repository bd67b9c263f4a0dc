extension AccessRule {
    /// Whether everything that the rule looks at holds. A request with an origin matches only a rule that lists it, one
    /// without only a rule that does not look at it; a rule that looks at nothing matches nobody.
    func matches(_ request: AccessRequest, origin: String?) -> Bool {
        guard holds(request, origin: origin) else { return false }
        guard let devices else { return true }
        guard let device = request.device else { return false }
        return devices.contains { $0.matches(device) }
    }

    /// Whether all but the device holds.
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
        origins != nil || addresses != nil || devices != nil || listeners != nil
    }
}
