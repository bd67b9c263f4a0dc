import GatewayCore

/// Host names and IP literals.
enum HostText {
    /// The name in lower case or the address in its shortest form, without brackets; `nil` when the text is neither.
    static func parse(_ text: some StringProtocol) -> String? {
        if let address = IPAddress(text) { return address.description }
        let labels = Substring(text).split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, labels.allSatisfy(isLabel),
            // A last label of digits makes browsers and resolvers read the whole as an IPv4 address (WHATWG URL §3.5).
            let last = labels.last, !last.utf8.allSatisfy(ASCII.isDigit)
        else { return nil }
        return text.lowercased()
    }

    /// RFC 1123 §2.1, and underscores, which are in use.
    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy { ASCII.isAlphanumeric($0) || $0 == 45 || $0 == 95 }
    }

    /// A name for `listeners[].hosts`.
    static func parseName(_ text: String) throws(ValueError) -> String {
        guard !text.contains("*") else {
            throw ValueError("wildcards are not supported", hint: "list every name on its own")
        }
        if text.hasPrefix("["), text.hasSuffix("]"), let host = parse(text.dropFirst().dropLast()) { return host }
        if let host = parse(text) { return host }
        if let colon = text.lastIndex(of: ":"), ASCII.port(text[text.index(after: colon)...]) != nil,
            let host = parse(text[..<colon])
        {
            throw ValueError("a host without a port is expected", suggestion: host)
        }
        throw ValueError("expected a host name such as gateway.example.com")
    }
}
