import Glibc

/// The exclusive right to write a database, held by a lock on a file beside it: `flock` of a descriptor, which the
/// kernel gives back when the program ends in whatever way.
final class FileLock: Sendable {
    private let descriptor: CInt

    /// - Throws: `SQLiteError` of kind `busy` when another program has the right, `cannotOpen` when the lock file
    ///   cannot be made.
    init(path: String) throws(SQLiteError) {
        descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.error(path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw SQLiteError(kind: .busy, code: 0, message: "", path: path)
        }
    }

    deinit {
        close(descriptor)
    }

    private static func error(_ path: String) -> SQLiteError {
        let kind: SQLiteError.Kind =
            switch errno {
            case ENOSPC, EDQUOT: .full
            case EROFS: .readOnly
            default: .cannotOpen
            }
        return SQLiteError(kind: kind, code: 0, message: String(cString: strerror(errno)), path: path)
    }
}
