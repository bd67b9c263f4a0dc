import COpenSSL

/// libcrypto's secure heap: locked into memory, between guard pages, left out of core dumps, wiped on free.
package enum SecureHeap {
    /// The heap's size in bytes; OpenSSL inside libcurl draws the keys of its TLS handshakes from it too.
    package static let size = 1 << 20
    /// Smaller blocks take this many bytes all the same.
    private static let smallestBlock = 32

    /// `CRYPTO_secure_malloc_init`'s answer: 1 done, 2 done but not locked into memory, 0 failed.
    private static let answer = CRYPTO_secure_malloc_init(size, smallestBlock)

    /// Sets the heap up, once per process; later calls only repeat the result. Must come before any secret is read
    /// and before libcurl starts: an uninitialised secure heap is silently the ordinary one.
    /// - Throws: `SecureHeapError.notLocked` or `.unavailable`; the process must not go on with secrets then.
    package static func initialise() throws(SecureHeapError) {
        switch answer {
        case 1: return
        case 2: throw .notLocked
        default: throw .unavailable
        }
    }

    /// Whether this memory lies in the secure heap.
    package static func holds(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        return CRYPTO_secure_allocated(base) == 1
    }
}
