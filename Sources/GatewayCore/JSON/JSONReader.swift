/// Reads one JSON text, byte by byte and without going back.
struct JSONReader {
    /// How deep arrays and objects may nest.
    static let maximumDepth = 16

    let bytes: [UInt8]
    var position = 0
    private var depth = 0
    /// For metering, and to tell what a message with a duplicate name was meant to be; never for what is forwarded.
    private let allowsDuplicateNames: Bool

    init(_ bytes: some Collection<UInt8>, allowsDuplicateNames: Bool = false) {
        self.bytes = Array(bytes)
        self.allowsDuplicateNames = allowsDuplicateNames
    }

    /// The one value of the text.
    mutating func read() throws(JSONError) -> JSONValue {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw JSONError(reason: .invalidUTF8, offset: error.byteOffsets.lowerBound)
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw failure(.byteOrderMark) }
        skipWhitespace()
        let value = try readValue()
        skipWhitespace()
        guard position == bytes.count else { throw failure(.expectedEnd) }
        return value
    }

    /// The byte at the position; `nil` at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// The error for what stands at the position; the end of the text is always its own reason.
    func failure(_ reason: JSONError.Reason) -> JSONError {
        JSONError(reason: position < bytes.count ? reason : .unexpectedEnd, offset: position)
    }

    private mutating func skipWhitespace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    /// Goes past the byte and the whitespace around it; whether it was there.
    private mutating func skip(_ byte: UInt8) -> Bool {
        skipWhitespace()
        guard next == byte else { return false }
        position += 1
        skipWhitespace()
        return true
    }

    private mutating func readValue() throws(JSONError) -> JSONValue {
        switch next {
        case UInt8(ascii: "{"): return .object(JSONObject(members: try nested(Self.readMembers)))
        case UInt8(ascii: "["): return .array(try nested(Self.readElements))
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "-"): return .number(try readNumber())
        case let byte where isDigit(byte): return .number(try readNumber())
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        default: throw failure(.expectedValue)
        }
    }

    private mutating func readWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for byte in word.description.utf8 {
            guard next == byte else { throw failure(.expectedValue) }
            position += 1
        }
        return value
    }

    private mutating func nested<Contents>(
        _ read: (inout JSONReader) throws(JSONError) -> Contents
    ) throws(JSONError) -> Contents {
        guard depth < Self.maximumDepth else { throw failure(.tooDeep) }
        depth += 1
        defer { depth -= 1 }
        return try read(&self)
    }

    private static func readElements(_ reader: inout JSONReader) throws(JSONError) -> [JSONValue] {
        _ = reader.skip(UInt8(ascii: "["))
        var elements: [JSONValue] = []
        guard reader.next != UInt8(ascii: "]") else { return reader.closing(elements) }
        repeat {
            elements.append(try reader.readValue())
        } while reader.skip(UInt8(ascii: ","))
        guard reader.next == UInt8(ascii: "]") else { throw reader.failure(.expectedCommaOrEnd) }
        return reader.closing(elements)
    }

    private static func readMembers(_ reader: inout JSONReader) throws(JSONError) -> [JSONObject.Member] {
        _ = reader.skip(UInt8(ascii: "{"))
        var members: [JSONObject.Member] = []
        var names: Set<ExactName> = []
        guard reader.next != UInt8(ascii: "}") else { return reader.closing(members) }
        repeat {
            guard reader.next == UInt8(ascii: "\"") else { throw reader.failure(.expectedName) }
            let start = reader.position
            let name = try reader.readString()
            guard names.insert(ExactName(text: name)).inserted || reader.allowsDuplicateNames else {
                let quotable = name.isShortIdentifier ? name : nil
                throw JSONError(reason: .duplicateName(quotable), offset: start)
            }
            guard reader.skip(UInt8(ascii: ":")) else { throw reader.failure(.expectedColon) }
            members.append(JSONObject.Member(name: name, value: try reader.readValue()))
        } while reader.skip(UInt8(ascii: ","))
        guard reader.next == UInt8(ascii: "}") else { throw reader.failure(.expectedCommaOrEnd) }
        return reader.closing(members)
    }

    private mutating func closing<Contents>(_ contents: Contents) -> Contents {
        position += 1
        return contents
    }
}

/// A name compared by its bytes: `String` alone holds canonically equivalent spellings equal.
private struct ExactName: Hashable {
    let text: String

    static func == (left: ExactName, right: ExactName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}
