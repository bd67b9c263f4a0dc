extension JSONReader {
    /// From the opening quote to behind the closing one, escapes resolved (RFC 8259 §7).
    mutating func readString() throws(JSONError) -> String {
        position += 1
        var unescaped: [UInt8] = []
        var start = position
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                let rest = bytes[start..<position]
                position += 1
                return String(decoding: unescaped.isEmpty ? rest : unescaped[...] + rest, as: UTF8.self)
            case UInt8(ascii: "\\"):
                unescaped += bytes[start..<position]
                unescaped += try readEscape().utf8
                start = position
            case 0..<0x20: throw failure(.controlCharacter)
            default: position += 1
            }
        }
        throw failure(.unexpectedEnd)
    }

    private mutating func readEscape() throws(JSONError) -> Unicode.Scalar {
        let start = position
        position += 1
        guard let byte = next else { throw failure(.unexpectedEnd) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try readUnicodeEscape(from: start)
        default: throw JSONError(reason: .invalidEscape, offset: start)
        }
    }

    /// Behind `\u`: four digits, and a second escape when they are the first half of a surrogate pair.
    private mutating func readUnicodeEscape(from start: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try readHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        let loneSurrogate = JSONError(reason: .loneSurrogate, offset: start)
        guard UTF16.isLeadSurrogate(first), next == UInt8(ascii: "\\") else { throw loneSurrogate }
        position += 1
        guard next == UInt8(ascii: "u") else { throw loneSurrogate }
        position += 1
        let second = try readHexDigits()
        guard UTF16.isTrailSurrogate(second) else { throw loneSurrogate }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    private mutating func readHexDigits() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next else { throw failure(.unexpectedEnd) }
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw failure(.invalidEscape)
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}
