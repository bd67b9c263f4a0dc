import Glibc
import NIOCore

/// The addresses of a host, each family in the order in which they are to be tried (RFC 6724 §6).
struct HostAddresses: Sendable, Equatable {
    var v6: [SocketAddress] = []
    var v4: [SocketAddress] = []

    /// Why a name has no addresses.
    struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// In words.
        let description: String
    }

    /// Those of an IP literal, which is its own; `nil` for a name.
    init?(literal host: String) {
        guard let address = try? SocketAddress(ipAddress: host, port: 0) else { return nil }
        if case .v6 = address { v6 = [address] } else { v4 = [address] }
    }

    /// Asks the system, which may take seconds and blocks the thread.
    init(of host: String) throws(Failure) {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_protocol = CInt(IPPROTO_TCP)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else { throw Failure(description: String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        for entry in sequence(first: list, next: { $0?.pointee.ai_next }) {
            guard let entry, let address = UnsafeRawPointer(entry.pointee.ai_addr) else { break }
            switch entry.pointee.ai_family {
            case AF_INET6: v6.append(SocketAddress(address.loadUnaligned(as: sockaddr_in6.self), host: host))
            case AF_INET: v4.append(SocketAddress(address.loadUnaligned(as: sockaddr_in.self), host: host))
            default: break
            }
        }
        guard !v6.isEmpty || !v4.isEmpty else { throw Failure(description: "it has no address") }
    }
}
