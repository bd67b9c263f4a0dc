import COpenSSL

/// Bytes that live in the secure heap, are wiped when the last reference goes, and print as `<redacted>` everywhere.
///
/// Unchecked because it holds a raw pointer; sound because the bytes are written in `init` only and freed in `deinit`.
package final class Secret: @unchecked Sendable {
    private let block: UnsafeMutableRawPointer
    private let capacity: Int
    /// The number of bytes.
    package let count: Int

    /// Makes a secret of at most `capacity` bytes in place: `fill` writes to the secure heap and returns how many
    /// bytes it wrote.
    /// - Throws: `SecureHeapError` when the heap is not set up or is full; otherwise what `fill` throws.
    package init(capacity: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Int) throws {
        try SecureHeap.initialise()
        guard let block = fg_secure_malloc(max(capacity, 1)) else { throw SecureHeapError.exhausted }
        do {
            let written = try fill(UnsafeMutableRawBufferPointer(start: block, count: capacity))
            precondition((0...capacity).contains(written), "a secret is longer than its memory")
            self.count = written
        } catch {
            fg_secure_clear_free(block, max(capacity, 1))
            throw error
        }
        self.block = block
        self.capacity = max(capacity, 1)
    }

    /// A secret with a copy of these bytes; wiping the source is the caller's part.
    /// - Throws: `SecureHeapError`.
    package convenience init(copying bytes: UnsafeRawBufferPointer) throws {
        try self.init(capacity: bytes.count) { target in
            target.copyMemory(from: bytes)
            return bytes.count
        }
    }

    deinit { fg_secure_clear_free(block, capacity) }

    /// Lends the bytes; they must not be copied to memory that nobody wipes, nor be kept.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(start: block, count: count))
    }

    /// Whether both hold the same bytes, in a time that depends on the length only.
    package func matches(_ other: Secret) -> Bool {
        count == other.count && CRYPTO_memcmp(block, other.block, count) == 0
    }
}
