import Glibc

/// Files that hold one word, such as a ticket.
enum SmallFile {
    private static let limit = 16 << 10

    /// The one line of the file, without blanks around it. What is in it is never part of an error.
    static func line(_ path: String) throws(CommandFailure) -> String {
        guard let file = fopen(path, "re") else { throw failure(path) }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = fread(&bytes, 1, limit, file)
        guard ferror(file) == 0 else { throw failure(path) }
        let lines = bytes[..<count].split { $0 == 10 || $0 == 13 }
        guard lines.count == 1, count < limit else { throw CommandFailure("\(path) must hold one line") }
        let line = String(decoding: lines[0], as: UTF8.self)
        guard line.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw CommandFailure("\(path) must hold one word of visible ASCII characters")
        }
        return line
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure("\(path) cannot be read: \(String(cString: strerror(errno)))")
    }
}
