/// The items of a query as browsers and programs write them: `name=value`, divided by `&`. Percent-encoded bytes are
/// decoded in values (RFC 3986 §2.1), `+` is left alone.
struct QueryItems {
    private let items: [(name: Substring, value: Substring)]

    init(_ query: String?) {
        items = (query ?? "").split(separator: "&").map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
    }

    func contains(_ name: String) -> Bool { items.contains { $0.name == name } }

    /// The values of all items of this name, decoded; `nil` for what is no UTF-8.
    func items(of name: String) -> [String?] {
        items.filter { $0.name == name }.map { Self.decode($0.value) }
    }

    /// The values of all items of this name, decoded; those that are no UTF-8 are left out.
    func values(of name: String) -> [String] { items(of: name).compactMap { $0 } }

    private static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            // The integer's own reader would take a sign for a digit.
            if byte == 37, rest.count >= 2, rest.first != 43, rest.first != 45,
                let value = UInt8(Substring(rest.prefix(2)), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
