/// An entry of a rule's addresses.
package enum AddressPattern: Sendable, Hashable, CustomStringConvertible {
    case range(AddressRange)
    /// The word `loopback`: this machine.
    case loopback
    /// The word `private`: the local network.
    case privateUse

    /// The ranges that it stands for.
    package var ranges: [AddressRange] {
        switch self {
        case .range(let range): [range]
        case .loopback: AddressRange.loopback
        case .privateUse: AddressRange.privateUse
        }
    }

    /// Whether a client's address is meant. The words are only for clients that are surely near: behind a proxy that
    /// nobody vouched for anyone may be.
    package func matches(_ client: ClientAddress) -> Bool {
        guard let address = client.address else { return false }
        if client.isDoubtful, self == .loopback || self == .privateUse { return false }
        return ranges.contains { $0.contains(address) }
    }

    /// As the configuration has it.
    package var description: String {
        switch self {
        case .range(let range): range.description
        case .loopback: "loopback"
        case .privateUse: "private"
        }
    }
}
