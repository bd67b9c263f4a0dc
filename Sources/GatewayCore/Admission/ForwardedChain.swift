/// The hops of a request as proxies noted them, the nearest last.
package struct ForwardedChain: Sendable, Equatable {
    /// A hop.
    package enum Hop: Sendable, Equatable {
        case address(IPAddress)
        /// `unknown`, an obfuscated name, or what is no address.
        case hidden
    }

    package let hops: [Hop]

    /// Reads the values of all `X-Forwarded-For` fields of a request, in their order: addresses, with ports or
    /// without, divided by commas. There is no standard; what cannot be read is a hidden hop.
    package init(xForwardedFor values: [String]) {
        hops = values.flatMap { value in
            value.split(separator: ",", omittingEmptySubsequences: false).map { Self.hop(Self.trimmed($0)) }
        }
    }

    /// Reads the values of all `Forwarded` fields of a request, in their order (RFC 7239 §4). A field that is malformed
    /// is one hidden hop.
    package init(forwarded values: [String]) {
        hops = values.flatMap { value in ForwardedReader.nodes(value)?.map { $0.map(Self.hop) ?? .hidden } ?? [.hidden]
        }
    }

    /// An address without brackets, or in brackets, or with a port (RFC 7239 §6).
    private static func hop(_ text: Substring) -> Hop {
        if let address = IPAddress(text) { return .address(address) }
        var host = text
        if let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")), !text[colon...].hasSuffix("]") {
            guard isPort(text[text.utf8.index(after: colon)...]) else { return .hidden }
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.utf8.contains(UInt8(ascii: ":")) else { return .hidden }
        } else if host.utf8.contains(UInt8(ascii: ":")) {
            return .hidden
        }
        return IPAddress(host).map(Hop.address) ?? .hidden
    }

    private static func isPort(_ text: Substring) -> Bool {
        (1...5).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) }
    }

    /// Without the optional white space of RFC 9110 §5.6.3.
    private static func trimmed(_ text: Substring) -> Substring {
        let isSpace = { (byte: UInt8) in byte == 32 || byte == 9 }
        var bytes = text.utf8.drop(while: isSpace)
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return Substring(bytes)
    }
}
