import Glibc
import NIOCore
import NIOPosix

/// Runs a recogniser for utterances, off the event loops and a few at a time.
final class Recognizer: Sendable {
    private static let concurrency = 2

    private let command: RecognizerCommand
    private let pool: NIOThreadPool

    init(_ command: RecognizerCommand) {
        self.command = command
        pool = NIOThreadPool(numberOfThreads: Self.concurrency)
        pool.start()
    }

    /// The recognised text; fails with `RecognizerFailure`, or when the recogniser has been stopped.
    func text(of samples: [Int16], sampleRate: Int, on loop: any EventLoop) -> EventLoopFuture<String> {
        let command = command
        return pool.runIfActive(eventLoop: loop) {
            let path = try Self.writeTemporary(WAVFile.bytes(sampleRate: sampleRate, samples: samples))
            defer { unlink(path) }
            return Self.tidy(try RecognizerProcess.output(of: command, path: path))
        }
    }

    /// Ends the threads, after what they are doing.
    func stop() async {
        try? await pool.shutdownGracefully()
    }

    /// One line, without surplus blanks.
    private static func tidy(_ output: [UInt8]) -> String {
        String(decoding: output, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func writeTemporary(_ bytes: [UInt8]) throws(RecognizerFailure) -> String {
        let directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(directory)/fennec-simulator-XXXXXX.wav".utf8CString)
        let descriptor = mkstemps(&template, 4)
        guard descriptor >= 0 else { throw .system(errno) }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let file = fdopen(descriptor, "w") else {
            let failure = RecognizerFailure.system(errno)
            close(descriptor)
            unlink(path)
            throw failure
        }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else {
            let failure = RecognizerFailure.system(errno)
            unlink(path)
            throw failure
        }
        return path
    }
}
