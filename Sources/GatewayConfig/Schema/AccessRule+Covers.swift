import GatewayCore

extension AccessRule {
    /// Whether every request that `other` matches is matched by this rule too.
    func covers(_ other: AccessRule) -> Bool {
        coversOrigins(of: other) && coversAddresses(of: other) && coversDevices(of: other)
            && coversTokens(of: other) && coversCertificates(of: other) && coversListeners(of: other)
    }

    private func coversOrigins(of other: AccessRule) -> Bool {
        switch (origins, other.origins) {
        case (nil, nil): true
        case (let mine?, let theirs?): theirs.allSatisfy { origin in mine.contains { $0.covers(origin) } }
        default: false
        }
    }

    private func coversAddresses(of other: AccessRule) -> Bool {
        guard let addresses else { return true }
        return (other.addresses ?? Self.everywhere).allSatisfy { pattern in addresses.covers(pattern) }
    }

    private static let everywhere = ["0.0.0.0/0", "::/0"].compactMap { AddressRange($0) }.map(AddressPattern.range)

    private func coversDevices(of other: AccessRule) -> Bool {
        guard let devices else { return true }
        return other.devices?.allSatisfy { name in devices.contains { $0.covers(name) } } ?? false
    }

    private func coversTokens(of other: AccessRule) -> Bool {
        guard let token else { return true }
        return other.token.map(token.covers) ?? false
    }

    private func coversCertificates(of other: AccessRule) -> Bool {
        guard let certificate else { return true }
        return other.certificate.map(certificate.covers) ?? false
    }

    private func coversListeners(of other: AccessRule) -> Bool {
        guard let listeners else { return true }
        return other.listeners.map(Set(listeners).isSuperset) ?? false
    }
}

extension [AddressPattern] {
    /// Whether every client that the pattern means is meant by one of these. That a word leaves out clients who are
    /// not surely near makes no rule behind it worth keeping.
    fileprivate func covers(_ pattern: AddressPattern) -> Bool {
        pattern.ranges.allSatisfy { theirs in contains { mine in mine.ranges.contains { $0.covers(theirs) } } }
    }
}

extension AddressRange {
    /// Whether every address of `other` lies in this range.
    fileprivate func covers(_ other: AddressRange) -> Bool {
        prefix <= other.prefix && contains(other.base)
    }
}
