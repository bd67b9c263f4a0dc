import GatewayCore

extension AccessRule {
    /// Whether every request that `other` matches is matched by this rule too.
    func covers(_ other: AccessRule) -> Bool {
        coversOrigins(of: other) && coversAddresses(of: other)
    }

    private func coversOrigins(of other: AccessRule) -> Bool {
        switch (origins, other.origins) {
        case (nil, nil): true
        case (let mine?, let theirs?): Set(mine).isSuperset(of: theirs)
        default: false
        }
    }

    private func coversAddresses(of other: AccessRule) -> Bool {
        guard let addresses else { return true }
        return (other.addresses ?? Self.everywhere).allSatisfy { range in addresses.contains { $0.covers(range) } }
    }

    private static let everywhere = ["0.0.0.0/0", "::/0"].compactMap { AddressRange($0) }
}

extension AddressRange {
    /// Whether every address of `other` lies in this range.
    fileprivate func covers(_ other: AddressRange) -> Bool {
        prefix <= other.prefix && contains(other.base)
    }
}
