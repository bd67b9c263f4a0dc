/// Records of comma-separated values (RFC 4180): quotes around fields that hold commas, line ends or quotes, which are
/// doubled. Lines may end with CR LF or LF, the first may begin with a byte order mark; empty lines are no records.
struct CSVRecords {
    struct Record: Equatable {
        /// The line that it begins on, from 1.
        var line: Int
        var fields: [String]
    }

    /// What is wrong with a line.
    struct Problem: Error, Equatable {
        var line: Int
        var words: String
    }

    private let bytes: [UInt8]
    private var place = 0
    private var line = 1

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    /// All records; throws the first mistake that makes the rest unreadable.
    static func read(_ bytes: [UInt8]) throws(Problem) -> [Record] {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw Problem(line: 1, words: "the file is no UTF-8")
        }
        var reader = CSVRecords(bytes)
        var records: [Record] = []
        while reader.place < bytes.count {
            let record = try reader.record()
            if record.fields != [""] { records.append(record) }
        }
        return records
    }

    private mutating func record() throws(Problem) -> Record {
        let start = line
        var fields = [try field()]
        while place < bytes.count, bytes[place] == UInt8(ascii: ",") {
            place += 1
            fields.append(try field())
        }
        if place < bytes.count, bytes[place] == 0x0D { place += 1 }
        if place < bytes.count {
            guard bytes[place] == 0x0A else { throw Problem(line: line, words: "a line ends with CR LF or LF") }
            place += 1
            line += 1
        }
        return Record(line: start, fields: fields)
    }

    private mutating func field() throws(Problem) -> String {
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { return try plain() }
        let start = line
        place += 1
        var text: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == 0x0A { line += 1 }
            guard byte == UInt8(ascii: "\"") else {
                text.append(byte)
                continue
            }
            guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
                guard place == bytes.count || [0x2C, 0x0D, 0x0A].contains(bytes[place]) else {
                    throw Problem(line: line, words: "a closing quote is followed by a comma or the line's end")
                }
                return String(decoding: text, as: UTF8.self)
            }
            text.append(byte)
            place += 1
        }
        throw Problem(line: start, words: "a quote is opened here and never closed")
    }

    private mutating func plain() throws(Problem) -> String {
        let start = place
        while place < bytes.count, ![0x2C, 0x0D, 0x0A].contains(bytes[place]) {
            guard bytes[place] != UInt8(ascii: "\"") else {
                throw Problem(line: line, words: "a quote stands inside a field that does not begin with one")
            }
            place += 1
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }
}
