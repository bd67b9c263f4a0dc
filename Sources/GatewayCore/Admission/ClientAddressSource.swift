/// Where a listener takes its clients' addresses from.
package enum ClientAddressSource: String, Sendable, Equatable, CaseIterable {
    /// The other end of the connection.
    case peer
    /// The `X-Forwarded-For` that a trusted proxy appends to.
    case xForwardedFor = "x-forwarded-for"
    /// The `Forwarded` (RFC 7239) that a trusted proxy appends to.
    case forwarded
    /// The PROXY protocol header that a trusted proxy puts before each connection.
    case proxy
}
