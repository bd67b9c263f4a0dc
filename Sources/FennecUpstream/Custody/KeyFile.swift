package import GatewayCore
import Glibc

/// Reads the API key from where it is kept, straight into the secure heap.
package enum KeyFile {
    /// A key of more bytes than this is refused: nothing that large is one.
    package static let largestSize = 4096

    /// Reads the key that `source` names. A newline at the end is not part of it. No other copy of the bytes is made,
    /// and no error tells any of them.
    /// - Parameter credentialsDirectory: `$CREDENTIALS_DIRECTORY` (systemd.exec(5), "Credentials").
    /// - Throws: `KeyFileError`, or `SecureHeapError`.
    package static func read(_ source: KeySource, credentialsDirectory: String?) throws -> Secret {
        let path = try path(of: source, credentialsDirectory: credentialsDirectory)
        let descriptor = try open(path, of: source)
        defer { close(descriptor) }
        if case .file = source {
            try refuseIfOthersCanRead(descriptor, path: path)
        }
        let raw = try Secret(capacity: largestSize + 1) { try fill($0, from: descriptor, path: path) }
        return try raw.withBytes { bytes in
            let key = UnsafeRawBufferPointer(rebasing: trimmingNewlines(bytes))
            try check(key, path: path)
            return try Secret(copying: key)
        }
    }

    private static func path(of source: KeySource, credentialsDirectory: String?) throws(KeyFileError) -> String {
        switch source {
        case .file(let path): return path
        case .credential(let name):
            guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(UInt8(ascii: "/")) else {
                throw .badCredentialName(name)
            }
            guard let credentialsDirectory, !credentialsDirectory.isEmpty else { throw .noCredentialsDirectory(name) }
            return "\(credentialsDirectory)/\(name)"
        }
    }

    private static func open(_ path: String, of source: KeySource) throws(KeyFileError) -> CInt {
        // O_NONBLOCK: a FIFO without a writer would hold up the start; it is refused below.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw .unreadable(path: path, errno: errno) }
            if case .credential(let name) = source { throw .missingCredential(name) }
            throw .missing(path: path)
        }
        guard let status = status(of: descriptor), status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .notAFile(path: path)
        }
        return descriptor
    }

    private static func status(of descriptor: CInt) -> stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }

    private static func refuseIfOthersCanRead(_ descriptor: CInt, path: String) throws(KeyFileError) {
        guard let mode = status(of: descriptor)?.st_mode, mode & S_IRWXO == 0 else {
            throw .openToOthers(path: path)
        }
    }

    private static func fill(
        _ target: UnsafeMutableRawBufferPointer, from descriptor: CInt, path: String
    ) throws(KeyFileError) -> Int {
        var filled = 0
        while filled < target.count {
            let got = Glibc.read(descriptor, target.baseAddress?.advanced(by: filled), target.count - filled)
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw .unreadable(path: path, errno: errno) }
            if got == 0 { break }
            filled += got
        }
        guard filled <= largestSize else { throw .tooLarge(path: path) }
        return filled
    }

    private static func trimmingNewlines(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer.SubSequence {
        var end = bytes.endIndex
        while end > 0, bytes[end - 1] == UInt8(ascii: "\n") || bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return bytes[..<end]
    }

    /// Visible ASCII only: anything else would allow header lines to be forged (RFC 9110 §5.5).
    private static func check(_ key: UnsafeRawBufferPointer, path: String) throws(KeyFileError) {
        guard !key.isEmpty else { throw .empty(path: path) }
        guard key.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .notAKey(path: path) }
    }
}
