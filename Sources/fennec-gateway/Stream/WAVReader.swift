/// Reads the audio of a WAV file piece by piece, as signed 16-bit little-endian samples.
struct WAVReader: Sendable {
    let format: WAVFormat
    private var source: any ByteSource
    /// Bytes of audio that are still to be read.
    private var remaining: Int

    /// Reads up to the first sample.
    init(_ source: any ByteSource) throws(WAVError) {
        self.source = source
        var chunks = ChunkWalker(source)
        var format: WAVFormat?
        while let chunk = try chunks.next() {
            switch chunk.name {
            case "fmt ": format = try WAVFormat(try chunks.contents(of: chunk, upTo: 1024))
            case "data":
                guard let format else { throw .noFormat }
                self.format = format
                self.remaining = try Self.audioBytes(chunk, format: format, available: chunks.available)
                self.source = chunks.source
                return
            default: try chunks.skip(chunk)
            }
        }
        throw .noAudio
    }

    /// The audio's length in frames.
    var remainingFrames: Int { remaining / format.frameByteCount }

    /// The next so many frames, fewer at the end, none after it.
    mutating func read(frames: Int) throws(WAVError) -> [UInt8] {
        let wanted = min(remaining, frames * format.frameByteCount)
        let bytes: [UInt8]
        do throws(CommandFailure) { bytes = try source.read(wanted) } catch { throw .unreadable(error) }
        guard bytes.count == wanted else { throw .cutOff(expected: wanted, found: bytes.count) }
        remaining -= wanted
        return format.encoding.linear16(bytes)
    }

    /// Programs that write to a pipe announce 0 or the largest length there is: the audio then goes to the end.
    private static func audioBytes(
        _ chunk: ChunkWalker.Chunk, format: WAVFormat, available: Int
    ) throws(WAVError) -> Int {
        let frame = format.frameByteCount
        guard chunk.length != 0, chunk.length < 0xFFFF_FF00 else { return available / frame * frame }
        guard chunk.length <= available else { throw .cutOff(expected: chunk.length, found: available) }
        guard chunk.length.isMultiple(of: frame) else {
            throw .partialFrame(byteCount: chunk.length, frame: frame)
        }
        return chunk.length
    }
}
