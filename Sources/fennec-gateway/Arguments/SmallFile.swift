/// Files that hold one word, such as a ticket.
enum SmallFile {
    private static let limit = 16 << 10

    /// The one line of the file, without blanks around it. What is in it is never part of an error.
    static func line(_ path: String) throws(CommandFailure) -> String {
        let (bytes, isCut) = try InputBytes.read(path, atMost: limit)
        let lines = bytes.split { $0 == 10 || $0 == 13 }
        guard lines.count == 1, !isCut else { throw CommandFailure("\(path) must hold one line") }
        let line = String(decoding: lines[0], as: UTF8.self)
        guard line.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw CommandFailure("\(path) must hold one word of visible ASCII characters")
        }
        return line
    }
}
