/// An IP address as a value. IPv4-mapped IPv6 (`::ffff:a.b.c.d`, RFC 4291 §2.5.5.2) is folded to IPv4, so that one
/// rule answers for both spellings.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    private let bits: UInt128
    /// 32 for IPv4, 128 for IPv6.
    package let bitWidth: Int

    private init(bits: UInt128, bitWidth: Int) {
        if bitWidth == 128, bits >> 32 == 0xFFFF {
            self.bits = bits & 0xFFFF_FFFF
            self.bitWidth = 32
        } else {
            self.bits = bits
            self.bitWidth = bitWidth
        }
    }

    /// From network-order bytes: 4 of them for IPv4, 16 for IPv6; `nil` otherwise.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.init(bits: bytes.reduce(0) { $0 << 8 | UInt128($1) }, bitWidth: bytes.count * 8)
    }

    /// Reads a literal: dotted decimal without leading zeros, or IPv6 text (RFC 4291 §2.2) without zone or brackets.
    package init?(_ text: some StringProtocol) {
        if text.contains(":") {
            guard let bits = IPv6Text.parse(text) else { return nil }
            self.init(bits: bits, bitWidth: 128)
        } else {
            guard let bits = IPv6Text.parseDotted(text) else { return nil }
            self.init(bits: UInt128(bits), bitWidth: 32)
        }
    }

    /// The address with all bits behind the first `prefix` cleared.
    package func masked(to prefix: Int) -> IPAddress {
        let kept = prefix == 0 ? 0 : UInt128.max << UInt128(bitWidth - prefix)
        let width: UInt128 = bitWidth == 32 ? 0xFFFF_FFFF : .max
        return IPAddress(unfolded: bits & kept & width, bitWidth: bitWidth)
    }

    private init(unfolded bits: UInt128, bitWidth: Int) {
        self.bits = bits
        self.bitWidth = bitWidth
    }

    /// Dotted decimal, or eight hexadecimal groups with the longest run of zeros shortened (RFC 5952 §4).
    package var description: String {
        guard bitWidth == 128 else {
            return stride(from: 24, through: 0, by: -8).map { String((bits >> UInt128($0)) & 0xFF) }
                .joined(separator: ".")
        }
        return IPv6Text.print(bits)
    }
}
