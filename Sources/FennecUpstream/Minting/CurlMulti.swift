import CCurl

/// Owner of one curl multi handle and its connections.
///
/// Unchecked because it holds a raw handle; sound because `wakeUp` is the one member that is called from other
/// threads, as curl_multi_wakeup(3) permits, and the rest is the minter thread's alone.
final class CurlMulti: @unchecked Sendable {
    private let handle: UnsafeMutableRawPointer

    /// - Throws: `SecureHeapError`, `CurlUnavailable`.
    init(mostConnections: Int) throws {
        try CurlLibrary.initialise()
        guard let handle = curl_multi_init() else { throw CurlUnavailable(reason: "out of memory") }
        _ = fg_curl_multi_set_long(handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, mostConnections)
        _ = fg_curl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, mostConnections)
        _ = fg_curl_multi_set_long(handle, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
        self.handle = handle
    }

    deinit { curl_multi_cleanup(handle) }

    /// Ends a `poll` that is under way, or the next one. From any thread.
    func wakeUp() {
        curl_multi_wakeup(handle)
    }

    func add(_ easy: UnsafeMutableRawPointer) -> Bool {
        curl_multi_add_handle(handle, easy) == CURLM_OK
    }

    func remove(_ easy: UnsafeMutableRawPointer) {
        curl_multi_remove_handle(handle, easy)
    }

    /// Does what can be done without waiting.
    func perform() {
        var running: CInt = 0
        curl_multi_perform(handle, &running)
    }

    /// The next transfer that has ended since, and how.
    func nextFinished() -> (easy: UnsafeMutableRawPointer, result: CURLcode)? {
        var left: CInt = 0
        while let message = curl_multi_info_read(handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            return (easy, fg_curl_message_result(message))
        }
        return nil
    }

    /// Waits for a socket, one of curl's own timers, `wakeUp`, or at most this long.
    func poll(atMost wait: Duration) {
        curl_multi_poll(handle, nil, 0, CInt(clamping: wait.wholeMilliseconds), nil)
    }
}
