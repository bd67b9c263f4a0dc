/// A range of IP addresses in CIDR notation (RFC 4632, RFC 4291 §2.3). IPv4-mapped IPv6 is folded to IPv4.
package struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    /// The first address of the range.
    package let base: IPAddress
    /// How many leading bits are fixed: 0...32 or 0...128.
    package let prefix: Int

    /// Reads `10.0.0.0/8`, `::1/128` or a bare address; `nil` when it is neither, when the prefix is out of range, or
    /// when bits behind the prefix are set.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(parts[0]) else { return nil }
        let width = address.bitWidth
        var prefix = width
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let given = Int(parts[1]),
                (0...width).contains(given)
            else { return nil }
            prefix = given
        }
        guard address.masked(to: prefix) == address else { return nil }
        self.base = address
        self.prefix = prefix
    }

    /// Whether the address lies in the range; never across families.
    package func contains(_ address: IPAddress) -> Bool {
        address.bitWidth == base.bitWidth && address.masked(to: prefix) == base
    }

    package var description: String { "\(base)/\(prefix)" }

    /// What `loopback` stands for: 127.0.0.0/8 and ::1.
    package static let loopback: [AddressRange] = [AddressRange("127.0.0.0/8"), AddressRange("::1")].compactMap(\.self)

    /// What `private` stands for: RFC 1918, link-local (RFC 3927, RFC 4291 §2.5.6) and unique local (RFC 4193).
    package static let privateUse: [AddressRange] = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fe80::/10", "fc00::/7",
    ].compactMap(AddressRange.init)
}
