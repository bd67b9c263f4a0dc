/// The lists of an opening handshake (RFC 6455 §4.1, §9.1). Empty elements count for nothing (RFC 9110 §5.6.1).
struct HandshakeList {
    private var rest: Substring.UTF8View

    private init(_ text: String) {
        rest = text[...].utf8
    }

    /// Whether the values of `Sec-WebSocket-Protocol` name subprotocols by tokens, each once.
    static func areProtocols(_ values: [String]) -> Bool {
        var names: Set<String> = []
        for value in values {
            var list = HandshakeList(value)
            guard list.isMade(of: { $0.token().map { names.insert($0).inserted } ?? false }) else { return false }
        }
        return true
    }

    /// Whether the values of `Sec-WebSocket-Extensions` are of its grammar. What they offer is never taken.
    static func areExtensions(_ values: [String]) -> Bool {
        values.allSatisfy { value in
            var list = HandshakeList(value)
            return list.isMade { $0.token() != nil && $0.areParameters() }
        }
    }

    private mutating func isMade(of element: (inout HandshakeList) -> Bool) -> Bool {
        repeat {
            skipBlanks()
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") || element(&self) else { return false }
        } while take(UInt8(ascii: ","))
        return rest.isEmpty
    }

    /// `*( ";" token [ "=" ( token / quoted-string ) ] )`
    private mutating func areParameters() -> Bool {
        while take(UInt8(ascii: ";")) {
            guard token() != nil else { return false }
            if take(UInt8(ascii: "=")), token() == nil, !quotedToken() { return false }
        }
        return true
    }

    private mutating func token() -> String? {
        let token = rest.prefix(while: Self.isTokenByte)
        rest = rest.dropFirst(token.count)
        return token.isEmpty ? nil : String(Substring(token))
    }

    /// A quoted string whose contents, without escapes, are a token.
    private mutating func quotedToken() -> Bool {
        guard take(UInt8(ascii: "\"")) else { return false }
        var count = 0
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            let meant = byte == UInt8(ascii: "\\") ? rest.popFirst() : byte
            guard let meant, Self.isTokenByte(meant) else { return false }
            count += 1
        }
        return count > 0
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard rest.first == byte else { return false }
        rest.removeFirst()
        skipBlanks()
        return true
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    /// `tchar` (RFC 9110 §5.6.2).
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
