extension ProxyHeader {
    /// Longest line of version 1, its end included (§2.1).
    private static let maxLineBytes = 107

    /// `PROXY TCP4 192.0.2.1 198.51.100.1 49152 443` and a line's end.
    static func readVersion1(_ bytes: [UInt8]) -> Reading {
        let line = bytes.prefix(maxLineBytes)
        guard let end = line.firstIndex(where: { $0 == 0x0D || $0 == 0x0A }) else {
            return line.count < maxLineBytes ? .incomplete : .broken(.tooLong)
        }
        guard line[end] == 0x0D else { return .broken(.malformed) }
        guard end + 1 < line.count else { return line.count < maxLineBytes ? .incomplete : .broken(.tooLong) }
        guard line[end + 1] == 0x0A, let header = parse(line: line[..<end]) else { return .broken(.malformed) }
        return .whole(header, byteCount: end + 2)
    }

    private static func parse(line: ArraySlice<UInt8>) -> ProxyHeader? {
        let fields = line.split(separator: 0x20, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        // Behind UNKNOWN anything may stand, and counts for nothing.
        if fields[1] == "UNKNOWN" { return .client(source: nil, destination: nil) }
        guard fields.count == 6, isPort(fields[4]), isPort(fields[5]) else { return nil }
        let isVersion6 = fields[1] == "TCP6"
        guard isVersion6 || fields[1] == "TCP4",
            fields[2].contains(":") == isVersion6, fields[3].contains(":") == isVersion6,
            let source = IPAddress(fields[2]), let destination = IPAddress(fields[3])
        else { return nil }
        return .client(source: source, destination: destination)
    }

    /// A decimal number up to 65535 without leading zeros.
    private static func isPort(_ text: String) -> Bool {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return false
        }
        return (text == "0" || text.utf8.first != 0x30) && UInt16(text) != nil
    }
}
