import GatewayCore
import Glibc

/// The file of notes: appended to with one write each, so that a killed process loses none, and written afresh when it
/// has grown. Belongs to whoever holds its lock.
struct AdmissionJournal: ~Copyable {
    static let fileName = "admission.journal"
    /// Bytes from which on it is written afresh, unless that would not make it much smaller.
    static let size = 1 << 20

    private let path: String
    private var descriptor: CInt
    private var length = 0
    private var freshLength = 0

    /// Whether it is time to write it afresh.
    var isLarge: Bool { length > Self.size && length > 4 * freshLength }

    /// Opens the file of a directory, whose notes so far are handed over.
    /// - Throws: `StateFileError`.
    init(in directory: StateDirectory, _ body: (AdmissionNote) -> Void) throws(StateFileError) {
        path = directory.file(Self.fileName)
        let bytes = try StateFile.read(path, limit: 1 << 28) ?? []
        // The part behind the last line's end is what a crash has left.
        let whole = bytes[..<((bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1)]
        for line in String(decoding: whole, as: UTF8.self).split(separator: "\n") {
            AdmissionNote(line: line).map(body)
        }
        descriptor = -1
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Writes notes down; they are safe from everything but a failing machine when this returns.
    mutating func append(_ notes: [AdmissionNote]) throws(StateFileError) {
        let bytes = Self.bytes(notes)
        length += bytes.count
        try StateFile.append(bytes, to: descriptor, path: path)
    }

    /// Begins the file anew with these notes.
    mutating func rewrite(_ notes: [AdmissionNote]) throws(StateFileError) {
        let bytes = Self.bytes(notes)
        try StateFile.replace(path, with: bytes)
        let fresh = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard fresh >= 0 else { throw StateFileError(path, "opened") }
        if descriptor >= 0 { close(descriptor) }
        descriptor = fresh
        (length, freshLength) = (bytes.count, bytes.count)
    }

    private static func bytes(_ notes: [AdmissionNote]) -> [UInt8] {
        var bytes: [UInt8] = []
        for note in notes { bytes += Array((note.line + "\n").utf8) }
        return bytes
    }
}
