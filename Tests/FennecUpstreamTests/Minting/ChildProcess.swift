import Glibc
import Synchronization

/// A program that runs until it ends or this value goes, with pipes to its input and from its output.
final class ChildProcess: Sendable {
    enum Failure: Error { case notStarted(CInt) }

    private let id: pid_t
    private let input: CInt
    private let output: CInt
    /// The status once it has been collected; from then on the number may be another process's.
    private let collected = Mutex<CInt?>(nil)

    init(_ command: [String]) throws {
        var toChild: [CInt] = [-1, -1]
        var fromChild: [CInt] = [-1, -1]
        // Another child that starts meanwhile would keep pipes open, and their readers would wait for it; pipe2(2), which
        // could tell them to close, is not among what Swift imports.
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &toChild) == 0, socketpair(AF_UNIX, kind, 0, &fromChild) == 0 else {
            throw Failure.notStarted(errno)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var id = pid_t()
        let answer = posix_spawn(&id, command[0], &actions, nil, &arguments, environ)
        for argument in arguments { free(argument) }
        posix_spawn_file_actions_destroy(&actions)
        close(toChild[0])
        close(fromChild[1])
        self.id = id
        input = toChild[1]
        output = fromChild[0]
        guard answer == 0 else { throw Failure.notStarted(answer) }
    }

    deinit {
        close(input)
        close(output)
        if collected.withLock({ $0 == nil }) {
            kill(id, SIGKILL)
            wait()
        }
    }

    func write(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
    }

    /// `nil` at the end.
    func readLine() -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }

    /// Waits for its end; the exit status, or -1.
    @discardableResult
    func wait() -> CInt {
        collected.withLock { collected in
            if let collected { return collected }
            var status: CInt = 0
            while waitpid(id, &status, 0) == -1 && errno == EINTR {}
            let code = status & 0x7F == 0 ? status >> 8 & 0xFF : -1
            collected = code
            return code
        }
    }
}
