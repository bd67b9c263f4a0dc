import COpenSSL
import Glibc

/// One run of a recogniser, on the calling thread.
enum RecognizerProcess {
    /// More output than this is cut off.
    private static let maximumOutput = 64 << 10

    /// What the program prints on its standard output; it has ended when this returns.
    static func output(of command: RecognizerCommand, path: String) throws(RecognizerFailure) -> [UInt8] {
        var ends: [Int32] = [-1, -1]
        // Not a pipe: close-on-exec must be set from the start, or the child of another thread holds the end open.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw .system(errno) }
        defer { close(ends[0]) }
        let spawned = Result { () throws(RecognizerFailure) in try spawn(command.words + [path], output: ends[1]) }
        close(ends[1])
        let child = try spawned.get()
        let deadline = now() + command.timeoutSeconds * 1000
        let (bytes, ended) = drain(ends[0], until: deadline)
        guard let status = reap(child, until: ended ? deadline : 0) else {
            throw .late(seconds: command.timeoutSeconds)
        }
        // The low seven bits are the signal that ended it, the next eight what it ended with itself.
        guard status & 0x7F == 0 else { throw .killed(signal: status & 0x7F) }
        guard status == 0 else { throw .failed(status: status >> 8 & 0xFF) }
        return bytes
    }

    private static func spawn(_ words: [String], output: Int32) throws(RecognizerFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        guard posix_spawn_file_actions_init(&actions) == 0, posix_spawnattr_init(&attributes) == 0 else {
            throw .system(errno)
        }
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // NIO's sockets are inherited: a connection that is closed here would go on there.
        fg_spawn_close_from(&actions, 3)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // A group of its own, so that whatever it starts can be killed with it.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let failure = posix_spawnp(&child, words[0], &actions, &attributes, &arguments, environ)
        guard failure == 0 else { throw .system(failure) }
        return child
    }

    /// Reads to the end; `ended` is false when the deadline came first.
    private static func drain(_ descriptor: Int32, until deadline: Int) -> (bytes: [UInt8], ended: Bool) {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while true {
            let left = deadline - now()
            guard left > 0 else { return (bytes, false) }
            var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waited, 1, Int32(clamping: left)) > 0 else { continue }
            let count = read(descriptor, &block, block.count)
            guard count > 0 else { return (bytes, true) }
            bytes.append(contentsOf: block[..<count].prefix(maximumOutput - bytes.count))
        }
    }

    /// Waits for the end and tells the status that `waitpid` gives; kills at the deadline, `nil` then.
    private static func reap(_ child: pid_t, until deadline: Int) -> Int32? {
        var status: Int32 = 0
        while now() < deadline {
            if waitpid(child, &status, WNOHANG) == child { return status }
            usleep(2000)
        }
        kill(-child, SIGKILL)
        while waitpid(child, &status, 0) == -1, errno == EINTR {}
        return nil
    }

    /// Milliseconds of the monotonic clock.
    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}

extension RecognizerFailure {
    /// A failure in the system's words.
    static func system(_ code: Int32) -> RecognizerFailure { .notRun(String(cString: strerror(code))) }
}
