/// How much of a client's address is kept in logs and ledger.
package enum AddressForm: String, Sendable, Equatable, CaseIterable {
    /// The whole address.
    case full
    /// Its network: /24 of IPv4, /48 of IPv6.
    case truncated
    /// A pseudonym that links the sessions of one day and cannot be undone once the day's key is gone.
    case hashed
    /// Nothing.
    case none

    /// The address in this form; `nil` when nothing of it is kept.
    /// - Parameter pseudonym: What stands for the address when it is hashed.
    package func text(of address: IPAddress, pseudonym: (IPAddress) -> String) -> String? {
        switch self {
        case .full: "\(address)"
        case .truncated: "\(address.masked(to: address.bitWidth == 32 ? 24 : 48))"
        case .hashed: pseudonym(address)
        case .none: nil
        }
    }
}
