import Glibc

/// What can be said of a path without opening it.
package enum FileState: Sendable, Equatable {
    case regular, missing, notAFile
    /// Whoever asks may not look; the daemon may.
    case unknown
}

/// Answers what a path leads to.
package typealias FileProbe = @Sendable (_ path: String) -> FileState

extension FileState {
    /// What the path leads to on this machine, links followed.
    package static func ofPath(_ path: String) -> FileState {
        var status = stat()
        guard stat(path, &status) == 0 else {
            return errno == ENOENT || errno == ENOTDIR ? .missing : .unknown
        }
        return status.st_mode & S_IFMT == S_IFDIR ? .notAFile : .regular
    }
}
