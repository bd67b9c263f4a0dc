import GatewayCore

/// Whether the reading of a proxy's header kept its promises about these bytes.
package struct ProxyHeaderWitness {
    private let bytes: [UInt8]

    package init(_ bytes: some Sequence<UInt8>) {
        // What stands behind the bound says nothing.
        self.bytes = Array(bytes.prefix(ProxyHeader.maxBytes + 4))
    }

    /// The promises that were broken, in words.
    package var broken: [String] {
        var broken: [String] = []
        var answer = ProxyHeader.Reading.incomplete
        for count in 0...bytes.count {
            let next = ProxyHeader.read(bytes.prefix(count))
            if answer != .incomplete, next != answer { broken.append("\(count) bytes: \(answer) became \(next)") }
            if next == .incomplete, count >= ProxyHeader.maxBytes { broken.append("\(count) bytes are not enough") }
            if case .whole(_, let taken) = next, taken > count || taken > ProxyHeader.maxBytes || taken < 15 {
                broken.append("\(taken) of \(count) bytes")
            }
            answer = next
        }
        return broken
    }
}
