import Glibc

/// The directory that belongs to this gateway alone as long as it runs: what must outlive it is kept there.
package final class StateDirectory: Sendable {
    package let path: String
    private let descriptor: CInt

    /// Takes a directory, which is made when it is not there, for the owner alone.
    /// - Throws: `StartFailure` when it cannot be used, or another gateway uses it.
    package init(path: String) throws {
        self.path = path
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw Self.failure(path, "cannot be made") }
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path, "cannot be opened") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            let failure = Self.failure(path, "cannot be locked")
            close(descriptor)
            throw isTaken
                ? StartFailure("the state directory \(path) is in use: each gateway needs one of its own") : failure
        }
        guard access(path, W_OK) == 0 else {
            let failure = Self.failure(path, "cannot be written")
            close(descriptor)
            throw failure
        }
    }

    deinit { close(descriptor) }

    /// The path of a file in it.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    private static func failure(_ path: String, _ what: String) -> StartFailure {
        StartFailure(
            "the state directory \(path) \(what): \(String(cString: strerror(errno))); give it to the gateway's user, or "
                + "set state_directory")
    }
}
