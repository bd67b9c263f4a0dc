/// The grammar of `Forwarded` (RFC 7239 §4): elements divided by commas, pairs divided by semicolons, values that are
/// tokens or quoted strings.
struct ForwardedReader {
    private var rest: ArraySlice<UInt8>

    /// The `for` of every element, `nil` where an element has none; `nil` as a whole when the value is malformed.
    static func nodes(_ value: String) -> [Substring?]? {
        var reader = ForwardedReader(rest: Array(value.utf8)[...])
        return reader.elements()
    }

    private mutating func elements() -> [Substring?]? {
        var nodes: [Substring?] = []
        repeat {
            skipSpace()
            // RFC 9110 §5.6.1: empty elements of a list count for nothing.
            if rest.isEmpty || rest.first == UInt8(ascii: ",") { continue }
            guard let node = element() else { return nil }
            nodes.append(node)
            skipSpace()
        } while take(UInt8(ascii: ","))
        return rest.isEmpty ? nodes : nil
    }

    /// The outer `nil` is malformed, the inner one an element without `for`.
    private mutating func element() -> Substring?? {
        var node: Substring?
        repeat {
            skipSpace()
            guard let name = token(), take(UInt8(ascii: "=")), let value = value() else { return nil }
            if name.lowercased() == "for" {
                guard node == nil else { return nil }
                node = value
            }
            skipSpace()
        } while take(UInt8(ascii: ";"))
        return .some(node)
    }

    private mutating func value() -> Substring? {
        guard take(UInt8(ascii: "\"")) else { return token() }
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return Substring(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                bytes.append(escaped)
            default: bytes.append(byte)
            }
        }
        return nil
    }

    /// RFC 9110 §5.6.2; brackets and colons too, since proxies write IPv6 addresses and ports without quotes.
    private mutating func token() -> Substring? {
        let bytes = rest.prefix { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "!#$%&'*+-.^_`|~:[]".utf8.contains(byte)
        }
        rest = rest.dropFirst(bytes.count)
        return bytes.isEmpty ? nil : Substring(decoding: bytes, as: UTF8.self)
    }

    private mutating func skipSpace() {
        rest = rest.drop { $0 == 32 || $0 == 9 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }
}
