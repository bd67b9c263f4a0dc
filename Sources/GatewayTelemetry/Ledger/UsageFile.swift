import GatewayCore
import Glibc
import Logging

/// A file of records, one JSON object on a line. It is opened anew when the path no longer leads to it, as after a
/// rotation, so that nothing has to be told to the gateway.
struct UsageFile {
    private let path: String
    private var descriptor: CInt = -1
    private var identity: FileIdentity?
    private var isFailing = false

    init(path: String) {
        self.path = path
    }

    /// Appends the records. What cannot be written is left out and told once.
    mutating func write(_ records: [UsageRecord], logger: Logger) {
        guard !records.isEmpty else { return }
        let bytes = records.flatMap { $0.json.encoded + [UInt8(ascii: "\n")] }
        let isWritten = open() && Self.write(bytes, to: descriptor)
        if !isWritten, !isFailing {
            logger.error(
                "usage.jsonl cannot be written, records are left out",
                metadata: ["path": "\(path)", "detail": "\(String(cString: strerror(errno)))"])
        }
        isFailing = !isWritten
    }

    private mutating func open() -> Bool {
        if descriptor >= 0, let identity, FileIdentity(path: path) == identity { return true }
        close()
        descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        identity = FileIdentity(descriptor: descriptor)
        return descriptor >= 0
    }

    private mutating func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    private static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let written = Glibc.write(descriptor, part.baseAddress, part.count)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return false }
                rest = rest.dropFirst(written)
            }
            return true
        }
    }
}
