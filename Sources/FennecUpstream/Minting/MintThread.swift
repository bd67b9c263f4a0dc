import CCurl
import Glibc

/// Starts the thread that libcurl runs on.
enum MintThread {
    private final class Task: Sendable {
        let body: @Sendable () -> Void
        init(body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a new, detached thread.
    /// - Throws: `CurlUnavailable` when there is no thread to be had.
    static func start(_ body: @escaping @Sendable () -> Void) throws {
        let context = Unmanaged.passRetained(Task(body: body)).toOpaque()
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
        fg_name_this_thread("mint")
        guard let context else { return nil }
        Unmanaged<Task>.fromOpaque(context).takeRetainedValue().body()
        return nil
    }
}
