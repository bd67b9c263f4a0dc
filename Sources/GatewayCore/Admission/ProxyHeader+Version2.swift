extension ProxyHeader {
    /// Bytes before the addresses (§2.2).
    private static let fixedBytes = 16

    /// Signature, version and command, family and transport, length; then addresses, and extensions (TLVs) that are
    /// skipped.
    static func readVersion2(_ bytes: [UInt8]) -> Reading {
        guard bytes.count >= fixedBytes else { return .incomplete }
        let (version, command) = (bytes[12] >> 4, bytes[12] & 0xF)
        guard version == 2, command <= 1 else { return .broken(.malformed) }
        let count = fixedBytes + Int(bytes[14]) << 8 + Int(bytes[15])
        guard count <= maxBytes else { return .broken(.tooLong) }
        let isLocal = command == 0
        // A proxy that speaks for itself may say what it likes of addresses.
        guard isLocal || isFamily(bytes[13], addressedIn: count - fixedBytes) else { return .broken(.malformed) }
        guard bytes.count >= count else { return .incomplete }
        return .whole(isLocal ? .itself : client(family: bytes[13], bytes[fixedBytes..<count]), byteCount: count)
    }

    /// Whether family (high nibble) and transport (low nibble) are assigned, and the addresses have room.
    private static func isFamily(_ byte: UInt8, addressedIn count: Int) -> Bool {
        let addressBytes = [0, 12, 36, 216]
        let (family, transport) = (Int(byte >> 4), byte & 0xF)
        return family < addressBytes.count && transport <= 2 && count >= addressBytes[family]
    }

    private static func client(family: UInt8, _ block: ArraySlice<UInt8>) -> ProxyHeader {
        let width: Int
        switch family {
        case 0x11: width = 4
        case 0x21: width = 16
        default: return .client(source: nil, destination: nil)
        }
        return .client(
            source: IPAddress(bytes: block.prefix(width)),
            destination: IPAddress(bytes: block.dropFirst(width).prefix(width)))
    }
}
