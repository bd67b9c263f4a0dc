/// How the samples of a WAV file are written: the contents of its `fmt ` chunk (RIFF, "Multimedia Programming Interface
/// and Data Specifications 1.0", and Microsoft's WAVEFORMATEXTENSIBLE).
struct WAVFormat: Sendable, Equatable {
    /// How a sample is written.
    enum Encoding: Sendable, Equatable {
        case unsigned8, signed16, signed24, signed32, float32

        /// Bytes of one sample.
        var byteCount: Int {
            switch self {
            case .unsigned8: 1
            case .signed16: 2
            case .signed24: 3
            case .signed32, .float32: 4
            }
        }
    }

    let encoding: Encoding
    let channels: Int
    /// Frames in a second.
    let sampleRate: Int

    /// Bytes of one frame, which is a sample of every channel.
    var frameByteCount: Int { encoding.byteCount * channels }

    init(encoding: Encoding, channels: Int, sampleRate: Int) {
        self.encoding = encoding
        self.channels = channels
        self.sampleRate = sampleRate
    }

    /// Reads the chunk's contents.
    init(_ chunk: [UInt8]) throws(WAVError) {
        guard chunk.count >= 16 else { throw .badFormat("its description has \(chunk.count) bytes, not 16 or more") }
        let fields = LittleEndian(chunk)
        let (channels, rate, bits) = (fields.integer16(2), fields.integer32(4), fields.integer16(14))
        let tag = try Self.tag(fields, count: chunk.count)
        guard channels > 0 else { throw .badFormat("it has no channels") }
        guard rate > 0 else { throw .badFormat("its sample rate is 0") }
        guard let encoding = Self.encoding(tag: tag, bits: bits) else { throw .unsupported(tag: tag, bits: bits) }
        self.init(encoding: encoding, channels: channels, sampleRate: rate)
        guard fields.integer16(12) == frameByteCount else {
            throw .badFormat("its frames have \(fields.integer16(12)) bytes where \(frameByteCount) are right")
        }
    }

    /// The format tag; an extensible format has it in the first bytes of its GUID.
    private static func tag(_ fields: LittleEndian, count: Int) throws(WAVError) -> Int {
        let tag = fields.integer16(0)
        guard tag == 0xFFFE else { return tag }
        // KSDATAFORMAT_SUBTYPE_PCM and its kin share all bytes but the first two.
        let base: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
        guard count >= 40, fields.bytes[26..<40].elementsEqual(base) else {
            throw .badFormat("its extended description is none of PCM")
        }
        return fields.integer16(24)
    }

    private static func encoding(tag: Int, bits: Int) -> Encoding? {
        switch (tag, bits) {
        case (1, 8): .unsigned8
        case (1, 16): .signed16
        case (1, 24): .signed24
        case (1, 32): .signed32
        case (3, 32): .float32
        default: nil
        }
    }
}
