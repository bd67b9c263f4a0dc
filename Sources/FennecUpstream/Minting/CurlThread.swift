import CCurl
import Glibc

/// Starts threads that libcurl runs on.
enum CurlThread {
    private final class Task: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Runs `body` on a new, detached thread.
    /// - Throws: `CurlUnavailable` when there is no thread to be had.
    static func start(name: String, _ body: @escaping @Sendable () -> Void) throws {
        let context = Unmanaged.passRetained(Task(name: name, body: body)).toOpaque()
        let answer = create(context)
        guard answer == 0 else {
            Unmanaged<Task>.fromOpaque(context).release()
            throw CurlUnavailable(reason: "no thread: \(String(cString: strerror(answer)))")
        }
    }

    private static func create(_ context: UnsafeMutableRawPointer) -> CInt {
        var thread = pthread_t()
        let answer = pthread_create(&thread, nil, entry, context)
        if answer == 0 { pthread_detach(thread) }
        return answer
    }

    private static let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        // With CURLOPT_NOSIGNAL a write to a closed TLS connection raises SIGPIPE on the thread that wrote.
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        guard let context else { return nil }
        let task = Unmanaged<Task>.fromOpaque(context).takeRetainedValue()
        fg_name_this_thread(task.name)
        task.body()
        return nil
    }
}
