import Glibc

/// Reads small files whole.
enum FileBytes {
    /// The bytes of the file.
    /// - Throws: why it can't be read, as when it is longer than `limit`.
    static func read(_ path: String, limit: Int) throws(FileFailure) -> [UInt8] {
        guard let file = fopen(path, "re") else { throw FileFailure(reason: String(cString: strerror(errno))) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= limit {
            let count = fread(&block, 1, block.count, file)
            if count == 0 {
                guard ferror(file) == 0 else { throw FileFailure(reason: String(cString: strerror(errno))) }
                return bytes
            }
            bytes.append(contentsOf: block[..<count])
        }
        throw FileFailure(reason: "it has more than \(limit) bytes")
    }
}

/// Why a file can't be read, in the system's words.
package struct FileFailure: Error, Equatable {
    package var reason: String
}
