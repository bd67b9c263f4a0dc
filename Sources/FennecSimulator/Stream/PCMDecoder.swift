package import NIOCore

/// Turns binary messages into samples, whatever bytes the messages are divided at. Two channels become their mean.
package struct PCMDecoder: Sendable {
    private let channels: Int
    private var rest: [UInt8] = []

    package init(channels: Int) { self.channels = channels }

    /// The samples that are complete with this message: signed 16-bit little-endian.
    package mutating func decode(_ message: ByteBuffer) -> [Int16] {
        rest.append(contentsOf: message.readableBytesView)
        let size = 2 * channels
        let count = rest.count / size
        let channels = channels
        let samples = rest.withUnsafeBytes { bytes in
            (0..<count).map { index -> Int16 in
                let sum = (0..<channels).reduce(0) { sum, channel in
                    let place = index * size + channel * 2
                    return sum + Int(bytes.loadUnaligned(fromByteOffset: place, as: Int16.self).littleEndian)
                }
                return Int16(sum / channels)
            }
        }
        rest.removeFirst(count * size)
        return samples
    }
}
