package import NIOCore

/// The wire bytes of a frame that comes in pieces, kept until it is whole. Large pieces are kept as they are; small
/// ones are copied together, so that a peer that sends byte by byte cannot make each byte hold a whole read buffer.
package struct FrameSlices {
    private var slices: [ByteBuffer] = []

    package init() {}

    /// Whether nothing is kept.
    package var isEmpty: Bool { slices.isEmpty }

    /// Keeps the next piece.
    package mutating func append(_ piece: ByteBuffer) {
        guard piece.readableBytes > 0 else { return }
        if piece.readableBytes * 2 >= piece.storageCapacity {
            slices.append(piece)
        } else if let last = slices.indices.last, slices[last].readableBytes < 64 << 10 {
            slices[last].writeImmutableBuffer(piece)
        } else {
            var copy = ByteBufferAllocator().buffer(capacity: max(1024, piece.readableBytes))
            copy.writeImmutableBuffer(piece)
            slices.append(copy)
        }
    }

    /// Hands the pieces out in order and forgets them.
    package mutating func drain(_ body: (ByteBuffer) -> Void) {
        for slice in slices { body(slice) }
        slices.removeAll(keepingCapacity: true)
    }

    /// Forgets everything.
    package mutating func clear() {
        slices.removeAll()
    }
}
