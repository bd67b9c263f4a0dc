import GatewayCore
import GatewayWire
import NIOCore

/// The gate of a listener behind proxies that speak the PROXY protocol: nobody else may connect, and every connection
/// begins with their header.
struct ProxyGate: ConnectionGate {
    let listener: String
    let trusted: [AddressRange]
    let faults: ConnectionFaults

    func admits(_ peer: SocketAddress?) -> Bool {
        if let address = peer?.address, trusted.contains(where: { $0.contains(address) }) { return true }
        faults.closed(.proxyUntrusted, listener: listener, peer: peer)
        return false
    }

    func judge(_ bytes: ByteBufferView, from peer: SocketAddress?) -> GateJudgement {
        switch ProxyHeader.read(bytes) {
        case .incomplete: return .wait
        case .whole(.itself, let count): return .pass(byteCount: count, .itself)
        case .whole(.client(let source, let destination), let count):
            return .pass(
                byteCount: count,
                .client(
                    source: source.flatMap(Self.socketAddress), destination: destination.flatMap(Self.socketAddress)))
        case .broken(let fault):
            faults.closed(ConnectionFault(fault), listener: listener, peer: peer)
            return .close
        }
    }

    func gaveUp(on peer: SocketAddress?, _ reason: GateFailure, hasBegun: Bool) {
        switch reason {
        case .timedOut: faults.closed(.proxyHeaderTimeout, listener: listener, peer: peer)
        // Load balancers look whether somebody listens, and leave without a word.
        case .ended: if hasBegun { faults.closed(.proxyHeaderMalformed, listener: listener, peer: peer) }
        }
    }

    private static func socketAddress(_ address: IPAddress) -> SocketAddress? {
        // The text of an address is one that can be read.
        try? SocketAddress(ipAddress: address.description, port: 0)
    }
}
