/// What `Host` may hold: `uri-host [ ":" port ]` (RFC 9110 §7.2, RFC 3986 §3.2), here with a name that is not empty.
enum HostSyntax {
    /// Whether the value is a name, an IPv4 address or a bracketed IPv6 address, with a port or without.
    static func isValid(_ value: String) -> Bool {
        let bytes = Array(value.utf8)
        guard bytes.first == UInt8(ascii: "[") else {
            let name = bytes.prefix { $0 != UInt8(ascii: ":") }
            return !name.isEmpty && isName(name) && isPortPart(bytes.dropFirst(name.count))
        }
        guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
        let literal = bytes[1..<end]
        return literal.contains(UInt8(ascii: ":")) && literal.allSatisfy(isLiteralByte)
            && isPortPart(bytes[(end + 1)...])
    }

    /// `unreserved`, `sub-delims` and whole percent escapes.
    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == UInt8(ascii: "%") {
                guard index + 2 < bytes.endIndex, isHex(bytes[index + 1]), isHex(bytes[index + 2]) else { return false }
                index += 2
            } else if !isAlphanumeric(bytes[index]), !"-._~!$&'()*+,;=".utf8.contains(bytes[index]) {
                return false
            }
            index += 1
        }
        return true
    }

    private static func isPortPart(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let colon = bytes.first else { return true }
        let digits = bytes.dropFirst()
        return colon == UInt8(ascii: ":") && digits.count <= 5 && digits.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isLiteralByte(_ byte: UInt8) -> Bool {
        isHex(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte & 0xDF)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
    }
}
