import GatewayCore

/// Entries of `match.address`.
enum AddressRangeText {
    private static let words = ["loopback", "private"]

    /// `loopback`, `private`, a range such as `10.0.0.0/8`, or a bare address.
    static func parse(_ text: String) throws(ValueError) -> [AddressRange] {
        switch text {
        case "loopback": return AddressRange.loopback
        case "private": return AddressRange.privateUse
        default: break
        }
        if let range = AddressRange(text) { return [range] }
        if let range = masked(text) {
            throw ValueError("bits are set behind the prefix", suggestion: range.description)
        }
        throw ValueError(
            "expected loopback, private, or a range such as 10.0.0.0/8",
            suggestion: Suggestion.nearest(to: text, among: words))
    }

    /// The range that an address with a prefix lies in.
    private static func masked(_ text: String) -> AddressRange? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(parts[0]), let prefix = ASCII.number(parts[1], digits: 3),
            prefix <= address.bitWidth
        else { return nil }
        return AddressRange("\(address.masked(to: prefix))/\(prefix)")
    }
}
