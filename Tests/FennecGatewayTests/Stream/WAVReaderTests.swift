import Testing

@testable import fennec_gateway

struct WAVReaderTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let format: WAVBytes
        let bytes: [UInt8]
        let value: Int16
        let testDescription: String
    }

    private static func sample(_ tag: UInt16, _ bits: UInt16, _ bytes: [UInt8], _ value: Int16) -> Sample {
        Sample(
            format: WAVBytes().format(tag: tag, bits: bits), bytes: bytes, value: value,
            testDescription: "tag \(tag), \(bits) bits, \(bytes)")
    }

    private static func float(_ value: Float, _ expected: Int16) -> Sample {
        sample(3, 32, WAVBytes.integer(value.bitPattern), expected)
    }

    private static let samples: [Sample] = [
        sample(1, 8, [0], -32768), sample(1, 8, [128], 0), sample(1, 8, [255], 32512),
        sample(1, 16, [0x34, 0x12], 0x1234), sample(1, 16, [0, 0x80], -32768),
        sample(1, 24, [0xFF, 0x34, 0x12], 0x1234), sample(1, 24, [0xFF, 0xFF, 0xFF], -1),
        sample(1, 32, [0xFF, 0xFF, 0x34, 0x12], 0x1234), sample(1, 32, [0, 0, 0, 0x80], -32768),
        float(0, 0), float(0.5, 16384), float(-1, -32768), float(1, 32767), float(7, 32767), float(-7, -32768),
        float(.nan, 0), float(.infinity, 32767), float(-.infinity, -32768), float(1 / 32768, 1),
        Sample(
            format: WAVBytes().extensible(subtype: 1, bits: 16), bytes: [0x34, 0x12], value: 0x1234,
            testDescription: "extensible PCM"),
        Sample(
            format: WAVBytes().extensible(subtype: 3, bits: 32), bytes: WAVBytes.integer(Float(0.5).bitPattern),
            value: 16384, testDescription: "extensible float"),
    ]

    @Test("a sample of every encoding becomes one of 16 bits", arguments: samples)
    func conversion(sample: Sample) throws {
        var reader = try sample.format.chunk("data", sample.bytes).open()
        #expect(reader.remainingFrames == 1)
        #expect(try reader.read(frames: 10) == WAVBytes.integer(sample.value))
        #expect(try reader.read(frames: 10) == [])
    }

    @Test(
        "rate and channels are the file's own",
        arguments: [(8000, 1), (16_000, 1), (44_100, 2), (48_000, 6), (192_000, 1), (1, 1)] as [(UInt32, UInt16)])
    func format(rate: UInt32, channels: UInt16) throws {
        let file = WAVBytes().format(tag: 1, bits: 16, channels: channels, rate: rate)
        let reader = try file.chunk("data", [UInt8](repeating: 0, count: Int(channels) * 2 * 3)).open()
        #expect(reader.format == WAVFormat(encoding: .signed16, channels: Int(channels), sampleRate: Int(rate)))
        #expect(reader.remainingFrames == 3)
    }

    @Test("audio is read in pieces of whole frames, in order")
    func pieces() throws {
        let audio = (0..<20).map(UInt8.init)
        var reader = try WAVBytes().format(tag: 1, bits: 16, channels: 2).chunk("data", audio).open()
        var pieces: [[UInt8]] = []
        while case let piece = try reader.read(frames: 2), !piece.isEmpty { pieces.append(piece) }
        #expect(pieces.map(\.count) == [8, 8, 4])
        #expect(pieces.flatMap(\.self) == audio)
    }

    @Test("chunks around the audio are passed over, padding included")
    func otherChunks() throws {
        let file = WAVBytes().chunk("JUNK", [1, 2, 3]).format(tag: 1, bits: 16).chunk("LIST", [9])
            .chunk("data", [5, 6]).chunk("id3 ", [7, 7, 7, 7])
        var reader = try file.open()
        #expect(try reader.read(frames: 100) == [5, 6])
        #expect(try reader.read(frames: 100) == [])
    }

    @Test("a file that was written to a pipe is read to its end", arguments: [0, 0xFFFF_FFFF, 0xFFFF_FF00] as [UInt32])
    func unknownLength(announced: UInt32) throws {
        let file = WAVBytes().format(tag: 1, bits: 16).chunk("data", [1, 2, 3, 4], length: announced)
        var reader = try file.open()
        #expect(try reader.read(frames: 100) == [1, 2, 3, 4])
    }

    @Test("a file without a sample is a recording, too")
    func empty() throws {
        var reader = try WAVBytes().format(tag: 1, bits: 16).chunk("data", []).open()
        #expect(try reader.read(frames: 1) == [])
    }

    private static let right = WAVBytes().format(tag: 1, bits: 16)

    @Test(
        "what is no such file is told in words",
        arguments: [
            (WAVBytes(bytes: []), .notWAV), (WAVBytes(bytes: Array("this is no recording".utf8)), .notWAV),
            (WAVBytes(bytes: Array("RIFF....AVI ".utf8)), .notWAV),
            (WAVBytes(bytes: Array("RF64....WAVE".utf8)), .variant("RF64")),
            (WAVBytes(bytes: Array("RIFX....WAVE".utf8)), .variant("RIFX")),
            (WAVBytes(bytes: Array("abcd....WAVE".utf8)), .notWAV),
            (WAVBytes(), .noAudio), (right, .noAudio), (WAVBytes().chunk("data", [0, 0]), .noFormat),
            (WAVBytes().chunk("LIST", [1, 2], length: 100), .noAudio),
            (WAVBytes().chunk("fmt ", [1, 0], length: 16), .noAudio),
            (WAVBytes().chunk("fmt ", [1, 0]), .badFormat("its description has 2 bytes, not 16 or more")),
            (WAVBytes().chunk("fmt ", [1, 0], length: 5000), .badFormat("its description has 5000 bytes")),
            (WAVBytes().format(tag: 1, bits: 16, channels: 0), .badFormat("it has no channels")),
            (WAVBytes().format(tag: 1, bits: 16, rate: 0), .badFormat("its sample rate is 0")),
            (
                WAVBytes().format(tag: 1, bits: 16, frame: 4),
                .badFormat("its frames have 4 bytes where 2 are right")
            ),
            (WAVBytes().format(tag: 6, bits: 8), .unsupported(tag: 6, bits: 8)),
            (WAVBytes().format(tag: 1, bits: 64), .unsupported(tag: 1, bits: 64)),
            (WAVBytes().format(tag: 3, bits: 64), .unsupported(tag: 3, bits: 64)),
            (WAVBytes().extensible(subtype: 0x55, bits: 16), .unsupported(tag: 0x55, bits: 16)),
            (
                WAVBytes().extensible(subtype: 1, bits: 16, guidTail: 0),
                .badFormat("its extended description is none of PCM")
            ),
            (
                WAVBytes().format(tag: 0xFFFE, bits: 16),
                .badFormat("its extended description is none of PCM")
            ),
            (right.chunk("data", [1, 2], length: 3000), .cutOff(expected: 3000, found: 2)),
            (right.chunk("data", [1, 2, 3]), .partialFrame(byteCount: 3, frame: 2)),
        ] as [(WAVBytes, WAVError)])
    func wrong(file: WAVBytes, error: WAVError) {
        #expect(throws: error) { try file.open() }
        #expect(!error.description.isEmpty)
    }

    @Test("no file, however it is cut, makes it fail in another way", arguments: 0..<60)
    func cut(length: Int) {
        let file = WAVBytes().chunk("LIST", [1, 2, 3]).extensible(subtype: 1, bits: 16).chunk("data", [1, 2, 3, 4])
        #expect(throws: WAVError.self) { try WAVBytes(bytes: Array(file.bytes.prefix(length))).open() }
    }
}
