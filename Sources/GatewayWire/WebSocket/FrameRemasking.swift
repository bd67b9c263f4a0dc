package import NIOCore

/// Gives masked frames new, unpredictable keys (RFC 6455 §10.3).
package enum FrameRemasking {
    /// Whole masked frames, each with a key of its own from the system's generator.
    package static func remask(_ frames: ByteBuffer) -> ByteBuffer {
        var frames = frames
        let scanner = FrameScanner(expectsMask: true)
        frames.withUnsafeMutableReadableBytes { bytes in
            var rest = bytes
            while case .head(let header, let length) = scanner.scan(UnsafeRawBufferPointer(rest)) {
                let end = min(length + header.payloadLength, rest.count)
                let new = UInt32.random(in: .min ... .max)
                rest.storeBytes(of: new.littleEndian, toByteOffset: length - 4, as: UInt32.self)
                FrameMask.apply(
                    new ^ (header.maskKey ?? 0), to: UnsafeMutableRawBufferPointer(rebasing: rest[length..<end]))
                rest = UnsafeMutableRawBufferPointer(rebasing: rest[end...])
            }
        }
        return frames
    }
}
