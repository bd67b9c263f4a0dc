@testable import fennec_gateway

/// Builds WAV files byte by byte, right or wrong.
struct WAVBytes {
    var bytes = Array("RIFF\0\0\0\0WAVE".utf8)

    /// Adds a chunk with its padding; `length` announces another length than the contents'.
    func chunk(_ name: String, _ contents: [UInt8], length: UInt32? = nil) -> WAVBytes {
        var result = self
        result.bytes += Array(name.utf8) + Self.integer(length ?? UInt32(contents.count)) + contents
        if !contents.count.isMultiple(of: 2) { result.bytes.append(0) }
        return result
    }

    /// Adds a `fmt ` chunk; `frame` is the announced number of bytes in a frame.
    func format(tag: UInt16, bits: UInt16, channels: UInt16 = 1, rate: UInt32 = 16_000, frame: UInt16? = nil)
        -> WAVBytes
    {
        chunk("fmt ", Self.format(tag: tag, bits: bits, channels: channels, rate: rate, frame: frame))
    }

    /// Adds an extensible `fmt ` chunk whose GUID begins with `subtype`.
    func extensible(subtype: UInt16, bits: UInt16, channels: UInt16 = 1, guidTail: UInt8 = 0x71) -> WAVBytes {
        let guid: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, guidTail]
        let head = Self.format(tag: 0xFFFE, bits: bits, channels: channels, rate: 16_000, frame: nil)
        let tail =
            Self.integer(UInt16(22)) + Self.integer(bits) + Self.integer(UInt32(0)) + Self.integer(subtype) + guid
        return chunk("fmt ", head + tail)
    }

    private static func format(
        tag: UInt16, bits: UInt16, channels: UInt16, rate: UInt32, frame: UInt16?
    ) -> [UInt8] {
        let right = channels * (bits / 8)
        return integer(tag) + integer(channels) + integer(rate) + integer(rate &* UInt32(right))
            + integer(frame ?? right) + integer(bits)
    }

    static func integer(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// Opens the file.
    func open() throws(WAVError) -> WAVReader { try WAVReader(BytesSource(bytes: bytes)) }
}

/// A file in memory.
struct BytesSource: ByteSource {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    var length: Int { bytes.count }

    mutating func read(_ count: Int) -> [UInt8] {
        let piece = bytes[position..<min(bytes.count, position + count)]
        position += piece.count
        return Array(piece)
    }
}
