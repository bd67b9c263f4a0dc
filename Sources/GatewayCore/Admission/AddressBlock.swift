/// Whom an address stands for when things are counted: an IPv4 address for itself, an IPv6 address for its /64, which
/// is what one subscriber has at the least (RFC 6177).
package struct AddressBlock: Sendable, Hashable, CustomStringConvertible {
    private let address: IPAddress?

    /// - Parameter address: `nil` when it is not known; all of those are counted as one.
    package init(_ address: IPAddress?) {
        self.address = address.map { $0.bitWidth == 128 ? $0.masked(to: 64) : $0 }
    }

    /// Reads what `description` writes; `nil` for anything else.
    package init?(text: String) {
        let address = IPAddress(text.hasSuffix("/64") ? text.dropLast(3) : text[...])
        guard address != nil || text == "unknown" else { return nil }
        self.init(address)
    }

    /// The address, the prefix of an IPv6 address, or `unknown`.
    package var description: String {
        guard let address else { return "unknown" }
        return address.bitWidth == 128 ? "\(address)/64" : address.description
    }
}
