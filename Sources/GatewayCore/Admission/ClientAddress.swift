/// Where a client is, as far as it can be known.
package struct ClientAddress: Sendable, Equatable {
    /// `nil` when it cannot be told: over a unix socket, or when a trusted proxy has hidden it.
    package var address: IPAddress?
    /// Whether the peer speaks for others although nobody trusts it: then it may be anyone's messenger.
    package var isDoubtful: Bool
    /// Whether the connection came from a trusted proxy.
    package var isProxied: Bool

    package init(_ address: IPAddress?, isDoubtful: Bool = false, isProxied: Bool = false) {
        self.address = address
        self.isDoubtful = isDoubtful
        self.isProxied = isProxied
    }

    /// What a request says about the way that it took.
    package struct Trail: Sendable, Equatable {
        /// The values of `X-Forwarded-For`, in their order.
        package var xForwardedFor: [String]
        /// The values of `Forwarded`, in their order.
        package var forwarded: [String]
        /// Whether there is an `X-Real-IP` or a `Via`.
        package var hasOthers: Bool

        package init(xForwardedFor: [String] = [], forwarded: [String] = [], hasOthers: Bool = false) {
            self.xForwardedFor = xForwardedFor
            self.forwarded = forwarded
            self.hasOthers = hasOthers
        }

        var isEmpty: Bool { xForwardedFor.isEmpty && forwarded.isEmpty && !hasOthers }
    }

    /// Finds the client: the right-most hop that is no trusted proxy, the peer being the last hop. When every hop is
    /// trusted, it is the first of them. A trusted proxy that says nothing where it is listened to, and something where
    /// it is not, is a messenger for anyone.
    /// - Parameter announced: What a proxy that was trusted then put before the connection.
    package static func find(
        peer: IPAddress?, announced: ProxyHeader? = nil, trail: Trail, source: ClientAddressSource,
        trusted: [AddressRange]
    ) -> ClientAddress {
        let isTrusted = { (address: IPAddress) in trusted.contains { $0.contains(address) } }
        let chain: ForwardedChain
        switch (source, announced) {
        case (.proxy, .itself?): return ClientAddress(peer, isDoubtful: !trail.isEmpty, isProxied: true)
        case (.proxy, .client(let source, _)?):
            return ClientAddress(source, isDoubtful: !trail.isEmpty, isProxied: true)
        case (.forwarded, nil): chain = ForwardedChain(forwarded: trail.forwarded)
        case (.xForwardedFor, nil): chain = ForwardedChain(xForwardedFor: trail.xForwardedFor)
        // Where a reload has changed the source, a connection from before may have had a header, or none.
        default: return ClientAddress(peer, isDoubtful: !trail.isEmpty || announced != nil)
        }
        guard let peer, isTrusted(peer) else { return ClientAddress(peer, isDoubtful: !trail.isEmpty) }
        var client = peer
        for hop in chain.hops.reversed() {
            guard case .address(let address) = hop else { return ClientAddress(nil, isProxied: true) }
            client = address
            if !isTrusted(address) { break }
        }
        return ClientAddress(client, isDoubtful: chain.hops.isEmpty && !trail.isEmpty, isProxied: true)
    }
}
