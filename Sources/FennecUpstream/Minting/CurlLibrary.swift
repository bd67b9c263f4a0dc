import CCurl

/// libcurl as a whole.
enum CurlLibrary {
    private static let answer = fg_curl_global_init()

    /// Starts libcurl once per process, on allocators that wipe what they free, after the secure heap.
    /// - Throws: `SecureHeapError`, `CurlUnavailable`.
    static func initialise() throws {
        try SecureHeap.initialise()
        guard answer == CURLE_OK else { throw CurlUnavailable(reason: String(cString: curl_easy_strerror(answer))) }
    }
}

/// libcurl could not be started.
package struct CurlUnavailable: Error, Sendable, Equatable, CustomStringConvertible {
    package let reason: String

    package var description: String { "libcurl could not be started: \(reason)" }
}
