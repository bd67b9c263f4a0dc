/// A canonical WAV file: one `fmt ` and one `data` chunk of 16-bit PCM.
package enum WAVFile {
    /// Bytes before the samples.
    package static let headerLength = 44

    /// The header for `sampleCount` mono samples.
    package static func header(sampleRate: Int, sampleCount: Int) -> [UInt8] {
        let dataLength = UInt32(sampleCount * 2)
        var bytes = Array("RIFF".utf8)
        append(36 + dataLength, to: &bytes)
        bytes += "WAVEfmt ".utf8
        append(UInt32(16), to: &bytes)
        append(UInt16(1), to: &bytes)
        append(UInt16(1), to: &bytes)
        append(UInt32(sampleRate), to: &bytes)
        append(UInt32(sampleRate * 2), to: &bytes)
        append(UInt16(2), to: &bytes)
        append(UInt16(16), to: &bytes)
        bytes += "data".utf8
        append(dataLength, to: &bytes)
        return bytes
    }

    /// The whole file for mono samples.
    package static func bytes(sampleRate: Int, samples: [Int16]) -> [UInt8] {
        var bytes = header(sampleRate: sampleRate, sampleCount: samples.count)
        bytes.reserveCapacity(headerLength + samples.count * 2)
        for sample in samples { append(UInt16(bitPattern: sample), to: &bytes) }
        return bytes
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
