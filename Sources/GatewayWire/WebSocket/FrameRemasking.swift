package import NIOCore

/// Gives masked frames new, unpredictable keys (RFC 6455 §10.3). It remembers where in a frame it stands, so frames
/// may come in slices; a head must be whole in its slice.
package struct FrameRemasking: Sendable {
    /// The old key combined with the new one, for the frame at hand.
    private var change: UInt32 = 0
    /// Payload bytes of that frame that came, and that are still to come.
    private var passed = 0
    private var remaining = 0

    package init() {}

    /// The next slice with every frame under a key of its own from the system's generator.
    package mutating func remask(_ slice: ByteBuffer) -> ByteBuffer {
        var slice = slice
        slice.withUnsafeMutableReadableBytes { bytes in
            var rest = bytes
            while !rest.isEmpty {
                if remaining == 0, !beginFrame(&rest) { return }
                remaskPayload(&rest)
            }
        }
        return slice
    }

    /// Replaces the key in the head that `rest` begins with; `false` when there is none.
    private mutating func beginFrame(_ rest: inout UnsafeMutableRawBufferPointer) -> Bool {
        let scanner = FrameScanner(expectsMask: true)
        guard case .head(let header, let length) = scanner.scan(UnsafeRawBufferPointer(rest)) else { return false }
        let key = UInt32.random(in: .min ... .max)
        rest.storeBytes(of: key.littleEndian, toByteOffset: length - 4, as: UInt32.self)
        (change, passed, remaining) = (key ^ (header.maskKey ?? 0), 0, header.payloadLength)
        rest = UnsafeMutableRawBufferPointer(rebasing: rest[length...])
        return true
    }

    private mutating func remaskPayload(_ rest: inout UnsafeMutableRawBufferPointer) {
        let count = min(remaining, rest.count)
        FrameMask.apply(change, to: UnsafeMutableRawBufferPointer(rebasing: rest[..<count]), offset: passed)
        passed += count
        remaining -= count
        rest = UnsafeMutableRawBufferPointer(rebasing: rest[count...])
    }
}
