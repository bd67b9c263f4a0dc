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

    /// The bytes of storage that the pieces keep alive, at most.
    package var retainedBytes: Int { slices.reduce(0) { $0 + $1.storageCapacity } }

    /// Gives the pieces away in order; `recycle` takes the emptied array back.
    package mutating func take() -> [ByteBuffer] {
        var taken: [ByteBuffer] = []
        swap(&taken, &slices)
        return taken
    }

    /// Keeps the room of an array that `take` gave, so that the next frame in pieces needs no new one.
    package mutating func recycle(_ taken: consuming [ByteBuffer]) {
        guard slices.isEmpty else { return }
        taken.removeAll(keepingCapacity: true)
        slices = taken
    }

    /// Forgets everything.
    package mutating func clear() {
        slices.removeAll()
    }
}
