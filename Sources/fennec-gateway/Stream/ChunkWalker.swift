/// Goes through the chunks of a RIFF file of the kind WAVE.
struct ChunkWalker {
    /// A name of four letters and how many bytes it announces.
    struct Chunk: Equatable {
        let name: String
        let length: Int
    }

    private(set) var source: any ByteSource
    private var position = 0
    private var hasBegun = false

    init(_ source: any ByteSource) {
        self.source = source
    }

    /// Bytes from here to the end of the file.
    var available: Int { max(0, source.length - position) }

    /// The next chunk, whose contents come next; `nil` at the end.
    mutating func next() throws(WAVError) -> Chunk? {
        if !hasBegun { try begin() }
        let head = try read(8)
        guard head.count == 8 else { return nil }
        return Chunk(name: Self.text(head[..<4]), length: LittleEndian(head).integer32(4))
    }

    /// The contents of a chunk that should be small.
    mutating func contents(of chunk: Chunk, upTo limit: Int) throws(WAVError) -> [UInt8] {
        guard chunk.length <= limit else { throw .badFormat("its description has \(chunk.length) bytes") }
        let bytes = try read(Self.padded(chunk.length))
        guard bytes.count >= chunk.length else { throw .noAudio }
        return Array(bytes[..<chunk.length])
    }

    /// Goes past the contents of a chunk.
    mutating func skip(_ chunk: Chunk) throws(WAVError) {
        var rest = Self.padded(chunk.length)
        while rest > 0 {
            let count = try read(min(rest, 1 << 16)).count
            guard count > 0 else { throw .noAudio }
            rest -= count
        }
    }

    private mutating func begin() throws(WAVError) {
        hasBegun = true
        let head = try read(12)
        guard head.count == 12, Self.text(head[8...]) == "WAVE" else { throw .notWAV }
        let name = Self.text(head[..<4])
        guard name == "RIFF" else {
            throw ["RIFX", "RF64", "BW64"].contains(name) ? .variant(name) : .notWAV
        }
    }

    private mutating func read(_ count: Int) throws(WAVError) -> [UInt8] {
        do throws(CommandFailure) {
            let bytes = try source.read(count)
            position += bytes.count
            return bytes
        } catch {
            throw .unreadable(error)
        }
    }

    /// Chunks begin at even offsets.
    private static func padded(_ length: Int) -> Int { length + length % 2 }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
