/// Who a client is, for limits and budgets.
package enum ClientIdentity: Sendable, Hashable {
    /// A device of the registry.
    case device(String)
    /// Whom a backend got a ticket for.
    case named(String)
    /// The holder of a JWT, by what its issuer calls it.
    case token(client: String, issuer: String)
    /// Whoever comes from there under this access rule.
    case place(rule: String, AddressBlock)

    /// The same words for the same client, different ones for different clients: no name holds a colon or an at sign,
    /// and no issuer an at sign.
    package var key: String {
        switch self {
        case .device(let name): "device:\(name)"
        case .named(let name): "client:\(name)"
        case .token(let client, let issuer): "jwt:\(client)@\(issuer)"
        case .place(let rule, let block): "\(rule)@\(block)"
        }
    }

    /// The name that it has of its own.
    package var name: String? {
        switch self {
        case .device(let name), .named(let name): name
        case .token(let client, _): client
        case .place: nil
        }
    }
}
