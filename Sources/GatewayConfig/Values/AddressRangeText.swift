import GatewayCore

/// Entries of `match.address` and `trusted_proxies`.
enum AddressRangeText {
    private static let words = ["loopback", "private"]

    /// `loopback`, `private`, a range such as `10.0.0.0/8`, or a bare address.
    static func parse(_ text: String) throws(ValueError) -> AddressPattern {
        switch text {
        case "loopback": return .loopback
        case "private": return .privateUse
        default: break
        }
        if let range = try range(text) { return .range(range) }
        throw ValueError(
            "expected loopback, private, or a range such as 10.0.0.0/8",
            suggestion: Suggestion.nearest(to: text, among: words))
    }

    /// Entries of `trusted_proxies`: the same, but a proxy has an address and `private` is too many.
    static func parseProxy(_ text: String) throws(ValueError) -> [AddressRange] {
        if text == "loopback" { return AddressRange.loopback }
        if let range = try range(text) { return [range] }
        throw ValueError("expected loopback, or the addresses of the proxies such as 10.0.0.7 or 10.0.0.0/29")
    }

    private static func range(_ text: String) throws(ValueError) -> AddressRange? {
        if let range = AddressRange(text) { return range }
        if let range = masked(text) {
            throw ValueError("bits are set behind the prefix", suggestion: range.description)
        }
        return nil
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
