import GatewayCore
package import Glibc

/// The built gateway as a child process, with a configuration of its own.
package final class GatewayProcess {
    package let pid: pid_t
    /// The port of its public listener on 127.0.0.1.
    package let port: Int
    private let directory: TemporaryDirectory

    /// Starts the gateway with this stand-in behind it and waits until it listens.
    /// - Parameters:
    ///   - program: The path of `fennec-gateway`.
    ///   - upstreamPort: The stand-in's port on 127.0.0.1.
    ///   - maxSessions: The most sessions that it admits.
    ///   - tokenPool: The value of `upstream.token_pool`.
    ///   - access: The value of `access`.
    ///   - stateDirectory: The value of `state_directory`; `nil` for none.
    ///   - keepsAccounts: Whether it writes a ledger and lines of JSON, in a temporary directory.
    /// - Throws: `TestingFailure`.
    package init(
        program: String, upstreamPort: Int, maxSessions: Int = 1000, tokenPool: String = "{}",
        access: String = "[{ name: local, match: { address: loopback } }]", stateDirectory: String? = nil,
        keepsAccounts: Bool = false
    ) throws {
        let directory = try TemporaryDirectory()
        let key = try directory.write("key-of-the-bench", to: "key")
        let upstream = "127.0.0.1:\(upstreamPort)/api/v1/transcribe"
        let files = "{ ledger: \(directory.path)/usage.sqlite, jsonl: \(directory.path)/usage.jsonl }"
        let config = try directory.write(
            """
            listeners: [{ name: public, address: "127.0.0.1:0" }]
            admin: { address: "127.0.0.1:0" }
            upstream:
              token_url: http://\(upstream)/streaming-token
              stream_url: ws://\(upstream)/stream
              api_key: { file: \(key) }
              token_pool: \(tokenPool)
              proxy: off
            access: \(access)
            \(stateDirectory.map { "state_directory: \($0)" } ?? "")
            sessions: { max: \(maxSessions) }
            log: { format: json }
            usage: \(keepsAccounts ? files : "{}")
            """, to: "gateway.yaml")
        let log = "\(directory.path)/log"
        do {
            pid = try Self.spawn(program, ["serve", "--config", config], output: log)
        } catch {
            directory.remove()
            throw error
        }
        self.directory = directory
        do {
            port = try Self.waitForPort(in: log, of: pid)
        } catch {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            directory.remove()
            throw error
        }
    }

    /// Stops the gateway with SIGTERM and waits for its end.
    package func stop() {
        kill(pid, SIGTERM)
        waitpid(pid, nil, 0)
        directory.remove()
    }

    private static func spawn(_ program: String, _ arguments: [String], output: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, output, O_WRONLY | O_CREAT, 0o600)
        var pid: pid_t = 0
        var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for argument in argv { free(argument) } }
        let result = posix_spawn(&pid, program, &actions, nil, &argv, environ)
        guard result == 0 else {
            throw TestingFailure("\(program) cannot be started: \(String(cString: strerror(result)))")
        }
        return pid
    }

    /// Reads the log until the admin listener, which is the last, is announced.
    private static func waitForPort(in log: String, of pid: pid_t) throws -> Int {
        for _ in 0..<500 {
            let lines = read(log).split(separator: "\n").compactMap { try? JSONValue(parsing: $0.utf8).object }
            let listening = lines.filter { $0["message"]?.string == "listening" }
            if listening.contains(where: { $0["listener"]?.string == "admin" }),
                let address = listening.first?["address"]?.string, let port = address.split(separator: ":").last
            {
                return Int(port) ?? 0
            }
            if waitpid(pid, nil, WNOHANG) == pid { throw TestingFailure("the gateway ended: \(read(log))") }
            usleep(20_000)
        }
        throw TestingFailure("the gateway does not listen: \(read(log))")
    }

    private static func read(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
