import Glibc

/// Keeps root from leaving files that lock the gateway's own user out.
enum StateOwner {
    /// When this process is root's, makes it the user's and group's that own the directory of `path`; otherwise does
    /// nothing. There is no way back.
    /// - Throws: `CommandFailure` when there is no such directory, or the change fails.
    static func become(ownerOfDirectoryOf path: String) throws(CommandFailure) {
        guard geteuid() == 0 else { return }
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        var status = stat()
        guard stat(directory, &status) == 0 else {
            throw CommandFailure("\(directory) cannot be looked at: \(String(cString: strerror(errno)))")
        }
        guard status.st_uid != 0 else { return }
        guard setgroups(0, nil) == 0, setgid(status.st_gid) == 0, setuid(status.st_uid) == 0 else {
            throw CommandFailure("cannot become the owner of \(directory): \(String(cString: strerror(errno)))")
        }
    }
}
