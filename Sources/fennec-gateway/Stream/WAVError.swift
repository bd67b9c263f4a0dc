/// Why a file is no recording that can be streamed.
enum WAVError: Error, Equatable, CustomStringConvertible {
    case notWAV
    /// A relative of WAV, by its first four letters.
    case variant(String)
    case noFormat
    case noAudio
    /// The `fmt ` chunk is wrong, in words.
    case badFormat(String)
    case unsupported(tag: Int, bits: Int)
    /// So many bytes of audio are announced, so many are there.
    case cutOff(expected: Int, found: Int)
    /// The audio is no whole number of frames of so many bytes.
    case partialFrame(byteCount: Int, frame: Int)
    case unreadable(CommandFailure)

    var description: String {
        switch self {
        case .notWAV: "not a WAV file; \(Self.remedy)"
        case .variant(let name): "a file of the kind \(name), of which only RIFF is read; \(Self.remedy)"
        case .noFormat: "not a whole WAV file: the audio comes before its description"
        case .noAudio: "not a whole WAV file: it ends before its audio"
        case .badFormat(let words): "a broken WAV file: \(words)"
        case .unsupported(let tag, let bits):
            "its audio is \(Self.name(tag)) of \(bits) bits; read are PCM of 8, 16, 24 and 32 bits and 32-bit float; "
                + Self.remedy
        case .cutOff(let expected, let found):
            "cut off: it announces \(expected) bytes of audio, and has \(found)"
        case .partialFrame(let count, let frame):
            "a broken WAV file: its \(count) bytes of audio are no whole number of frames of \(frame) bytes"
        case .unreadable(let failure): failure.description
        }
    }

    private static let remedy = "convert it: ffmpeg -i FILE -ac 1 -ar 16000 -c:a pcm_s16le OUT.wav"

    /// The registered names of what is met most (RFC 2361).
    private static func name(_ tag: Int) -> String {
        switch tag {
        case 1: "PCM"
        case 2: "Microsoft ADPCM"
        case 3: "float"
        case 6: "A-law"
        case 7: "µ-law"
        case 0x11: "IMA ADPCM"
        case 0x55: "MP3"
        default: "format \(tag)"
        }
    }
}
