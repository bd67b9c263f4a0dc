/// What a proxy says in front of a connection that it forwards: the PROXY protocol in both versions
/// (https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt).
package enum ProxyHeader: Sendable, Equatable {
    /// The connection is the proxy's own, such as a health check (`LOCAL`).
    case itself
    /// The connection is a client's: where it comes from and where it went. `nil` where the proxy does not say so in IP
    /// addresses of a stream: `UNKNOWN`, `AF_UNSPEC`, `AF_UNIX`, datagrams.
    case client(source: IPAddress?, destination: IPAddress?)

    /// Why bytes are no header.
    package enum Fault: Sendable, Equatable, CaseIterable {
        /// They begin like neither version.
        case missing
        /// They begin like one and go on against its rules.
        case malformed
        /// The header is longer than its version allows, or than `maxBytes`.
        case tooLong
    }

    /// How far a header is.
    package enum Reading: Sendable, Equatable {
        /// More bytes are needed.
        case incomplete
        /// It takes the first `byteCount` bytes; what follows is not the proxy's.
        case whole(ProxyHeader, byteCount: Int)
        case broken(Fault)
    }

    /// Largest header, in bytes: what the specification wants to fit into one segment (§2).
    package static let maxBytes = 536

    /// Reads a header from all bytes that have come so far. More bytes never change an answer but `incomplete`, and
    /// `maxBytes` always suffice for another one.
    package static func read(_ bytes: some Sequence<UInt8>) -> Reading {
        let bytes = Array(bytes.prefix(maxBytes))
        let version1 = Array("PROXY ".utf8)
        if bytes.starts(with: version1.prefix(bytes.count)) {
            return bytes.count < version1.count ? .incomplete : readVersion1(bytes)
        }
        if bytes.starts(with: version2.prefix(bytes.count)) {
            return bytes.count < version2.count ? .incomplete : readVersion2(bytes)
        }
        return .broken(.missing)
    }

    /// Where a client's connection went; `nil` when that is not said.
    package var destination: IPAddress? {
        if case .client(_, let destination) = self { destination } else { nil }
    }

    /// What version 2 begins with.
    private static let version2: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]
}
