import Glibc

/// Small files that are read whole, and replaced whole or not at all.
enum StateFile {
    /// The bytes of a file; `nil` when there is none.
    /// - Throws: `StateFileError`.
    static func read(_ path: String, limit: Int) throws(StateFileError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw StateFileError(path, "opened")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw StateFileError(path, "read") }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw StateFileError(path: path, words: "is too large") }
        }
    }

    /// Puts a file with these bytes, for its owner alone, in the place of the one that may be there. It is on the disk
    /// when this returns.
    /// - Throws: `StateFileError`; the old file is still there then.
    static func replace(_ path: String, with bytes: [UInt8]) throws(StateFileError) {
        let fresh = path + ".new"
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StateFileError(fresh, "made") }
        defer { close(descriptor) }
        try append(bytes, to: descriptor, path: fresh)
        guard fsync(descriptor) == 0 else { throw StateFileError(fresh, "written") }
        guard rename(fresh, path) == 0 else { throw StateFileError(path, "replaced") }
    }

    /// Writes all of the bytes.
    static func append(_ bytes: [UInt8], to descriptor: CInt, path: String) throws(StateFileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw StateFileError(path, "written") }
            rest = rest.dropFirst(count)
        }
    }
}

/// Why a file of the state directory could not be used.
struct StateFileError: Error, Equatable, CustomStringConvertible {
    let path: String
    let words: String

    /// With the system's own words for what has just failed.
    init(_ path: String, _ what: String) {
        self.init(path: path, words: "cannot be \(what): \(String(cString: strerror(errno)))")
    }

    init(path: String, words: String) {
        self.path = path
        self.words = words
    }

    var description: String { "\(path) \(words)" }
}
