import Glibc

/// Prometheus's own checker, from the Debian package `prometheus`.
enum Promtool {
    struct NotStarted: Error {}

    private static let path = "/usr/bin/promtool"

    static var isInstalled: Bool { access(path, X_OK) == 0 }

    /// Runs `promtool check metrics`; its exit status and everything that it prints.
    static func checkMetrics(_ exposition: String) throws -> (status: CInt, output: String) {
        var input: [CInt] = [-1, -1]
        var output: [CInt] = [-1, -1]
        // Another child that starts meanwhile would keep pipes open, and the reader would wait for it; pipe2(2), which
        // could tell them to close, is not among what Swift imports.
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &input) == 0, socketpair(AF_UNIX, kind, 0, &output) == 0 else {
            throw NotStarted()
        }
        let id = try spawn(reading: input, writing: output)
        close(input[0])
        close(output[1])
        write(exposition, to: input[1])
        close(input[1])
        let printed = readAll(output[0])
        close(output[0])
        var status: CInt = 0
        while waitpid(id, &status, 0) == -1 && errno == EINTR {}
        return (status & 0x7F == 0 ? status >> 8 & 0xFF : -1, printed)
    }

    private static func spawn(reading input: [CInt], writing output: [CInt]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input[0], 0)
        posix_spawn_file_actions_adddup2(&actions, output[1], 1)
        posix_spawn_file_actions_adddup2(&actions, output[1], 2)
        let command: [String] = [path, "check", "metrics"]
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var id = pid_t()
        guard posix_spawn(&id, path, &actions, nil, &arguments, nil) == 0 else { throw NotStarted() }
        return id
    }

    private static func write(_ text: String, to descriptor: CInt) {
        Array(text.utf8).withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let written = Glibc.write(descriptor, part.baseAddress, part.count)
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }

    private static func readAll(_ descriptor: CInt) -> String {
        var all: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &part, part.count)
            guard count > 0 else { return String(decoding: all, as: UTF8.self) }
            all += part[..<count]
        }
    }
}
