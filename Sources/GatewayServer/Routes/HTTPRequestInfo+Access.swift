import GatewayCore
import GatewayWire
import NIOHTTP1

extension HTTPRequestInfo {
    /// Where the client is.
    /// - Parameters:
    ///   - source: Where the listener takes addresses from.
    ///   - trusted: The proxies that it believes.
    func client(source: ClientAddressSource = .peer, trusted: [AddressRange] = []) -> ClientAddress {
        let trail = ClientAddress.Trail(
            xForwardedFor: headers["X-Forwarded-For"], forwarded: headers["Forwarded"],
            hasOthers: headers.contains(name: "X-Real-IP") || headers.contains(name: "Via"))
        return ClientAddress.find(
            peer: remoteAddress?.address, announced: announced?.header, trail: trail, source: source, trusted: trusted)
    }

    /// The names that the peer gave the request, when it is one of the listener's proxies and speaks HTTP itself.
    func trail(on listener: ListenerSettings) -> RequestTrail {
        let isTrusted =
            switch listener.clientAddress {
            case .xForwardedFor, .forwarded:
                remoteAddress?.address.map { peer in listener.trustedProxies.contains { $0.contains(peer) } } ?? false
            // What a proxy hands through is its client's.
            case .proxy, .peer: false
            }
        guard isTrusted else { return RequestTrail() }
        return RequestTrail(requestIDs: headers["X-Request-Id"], traceParents: headers["traceparent"])
    }

    /// What admission looks at.
    func accessRequest(listener: String, client: ClientAddress, device: String? = nil) -> AccessRequest {
        AccessRequest(
            listener: listener, host: headers["Host"].first ?? "", origins: headers["Origin"], client: client,
            local: announced?.header.destination ?? localAddress?.address, device: device,
            certificate: clientCertificate?.names)
    }
}

extension PeerCertificate {
    fileprivate var names: CertificateNames {
        CertificateNames(commonName: commonName, dns: dnsNames, uris: uris, emails: emails)
    }
}

extension ProxyAnnouncement {
    fileprivate var header: ProxyHeader {
        switch self {
        case .itself: .itself
        case .client(let source, let destination):
            .client(source: source?.address, destination: destination?.address)
        }
    }
}
