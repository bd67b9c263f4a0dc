import Glibc

/// The bytes of a file.
final class FileSource: ByteSource {
    let length: Int
    private let descriptor: CInt

    /// Opens a regular file.
    init(_ path: String) throws(CommandFailure) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.failure() }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let failure = Self.failure()
            close(descriptor)
            throw failure
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw CommandFailure("not a regular file")
        }
        length = Int(status.st_size)
    }

    deinit { close(descriptor) }

    func read(_ count: Int) throws(CommandFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let wanted = count - bytes.count
            var got = 0
            bytes += [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
                got = Glibc.read(descriptor, buffer.baseAddress, wanted)
                initialized = max(0, got)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw Self.failure() }
            if got == 0 { break }
        }
        return bytes
    }

    private static func failure() -> CommandFailure {
        CommandFailure("cannot be read: \(String(cString: strerror(errno)))")
    }
}
