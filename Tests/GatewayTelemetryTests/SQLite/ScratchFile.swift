import Glibc

/// A path for a database in a directory of its own, which goes with it.
final class ScratchFile: Sendable {
    let directory: String
    var path: String { "\(directory)/test.sqlite" }

    struct NotMade: Error {}

    init() throws {
        var template = Array("/tmp/fennec-sqlite-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw NotMade() }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for suffix in ["", "-wal", "-shm", ".lock", ".jsonl"] { unlink(path + suffix) }
        rmdir(directory)
    }

    /// The permission bits of the file with this suffix.
    func mode(of suffix: String = "") -> mode_t? {
        var status = stat()
        return stat(path + suffix, &status) == 0 ? status.st_mode & 0o777 : nil
    }

    /// Overwrites the file.
    func write(_ bytes: [UInt8]) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        _ = Glibc.write(descriptor, bytes, bytes.count)
        close(descriptor)
    }
}
