import Glibc

/// Bytes of a file or of the standard input, within a bound.
enum InputBytes {
    /// All there are, or the first `limit`, and whether there are more. No path stands for the standard input.
    static func read(_ path: String?, atMost limit: Int) throws(CommandFailure) -> (bytes: [UInt8], isCut: Bool) {
        guard let file = path.map({ fopen($0, "re") }) ?? fdopen(dup(STDIN_FILENO), "r") else { throw failure(path) }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        let count = fread(&bytes, 1, limit + 1, file)
        guard ferror(file) == 0 else { throw failure(path) }
        return (Array(bytes[..<min(count, limit)]), count > limit)
    }

    private static func failure(_ path: String?) -> CommandFailure {
        CommandFailure("\(path ?? "the standard input") cannot be read: \(String(cString: strerror(errno)))")
    }
}
