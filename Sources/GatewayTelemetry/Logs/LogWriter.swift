import CSystemd
import Glibc

/// Writes log lines in one style to one descriptor, each with one write(2), so that lines of several threads never mix.
package struct LogWriter: Sendable {
    let style: LogStyle
    private let descriptor: CInt

    /// - Parameter descriptor: Where `text` and `json` go, and lines that the journal does not take: standard error.
    package init(style: LogStyle, descriptor: CInt = STDERR_FILENO) {
        self.style = style
        self.descriptor = descriptor
    }

    func write(_ line: LogLine) {
        switch style {
        case .text: write(TextLine.bytes(line))
        case .json: write(JSONLine.bytes(line))
        case .journald: if !Self.send(JournalEntry.fields(line)) { write(TextLine.bytes(line)) }
        }
    }

    /// A log that cannot be written must not stop the gateway, so what fails is dropped.
    private func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let written = Glibc.write(descriptor, part.baseAddress, part.count)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }

    private static func send(_ fields: [[UInt8]]) -> Bool {
        var vectors: [iovec] = []
        return withBuffers(fields[...], &vectors) { vectors in
            sd_journal_sendv(vectors.baseAddress, CInt(vectors.count)) == 0
        }
    }

    /// Lends all fields at once: their memory must stay put while the vectors point to it.
    private static func withBuffers(
        _ fields: ArraySlice<[UInt8]>, _ vectors: inout [iovec], _ body: (UnsafeBufferPointer<iovec>) -> Bool
    ) -> Bool {
        guard let first = fields.first else { return vectors.withUnsafeBufferPointer(body) }
        return first.withUnsafeBytes { bytes in
            vectors.append(
                iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count))
            return withBuffers(fields.dropFirst(), &vectors, body)
        }
    }
}
