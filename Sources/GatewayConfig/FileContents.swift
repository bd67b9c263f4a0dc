import Glibc

/// Reads whole files of bounded size.
enum FileContents {
    /// The bytes of a file, at most one more than `limit`. Throws when it cannot be read.
    static func read(_ path: String, limit: Int) throws(ValueError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure() }
        defer { close(file) }
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            let chunk = try readChunk(file, capacity: min(65536, limit + 1 - bytes.count))
            guard !chunk.isEmpty else { break }
            bytes += chunk
        }
        return bytes
    }

    private static func readChunk(_ file: CInt, capacity: Int) throws(ValueError) -> [UInt8] {
        while true {
            var count = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
                count = Glibc.read(file, buffer.baseAddress, capacity)
                initialized = max(count, 0)
            }
            if count >= 0 { return chunk }
            guard errno == EINTR else { throw failure() }
        }
    }

    private static func failure() -> ValueError {
        let code = errno
        return ValueError("cannot be read: \(String(cString: strerror(code)))")
    }
}
