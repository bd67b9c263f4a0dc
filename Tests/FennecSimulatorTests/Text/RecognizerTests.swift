import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import FennecSimulator

@Suite struct RecognizerTests {
    /// The output of a shell script that gets the WAV as `$1`.
    private func text(of samples: [Int16] = [1, 2, 3], _ script: String, timeout: Int = 20) async throws -> String {
        let command = try #require(RecognizerCommand(words: ["sh", "-c", script, "sh"], timeoutSeconds: timeout))
        let recognizer = Recognizer(command)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        do {
            let text = try await recognizer.text(of: samples, sampleRate: 16_000, on: loop).get()
            await recognizer.stop()
            return text
        } catch {
            await recognizer.stop()
            throw error
        }
    }

    @Test("The program gets a WAV file and its output is tidied")
    func output() async throws {
        #expect(try await text(#"head -c 4 "$1"; echo; wc -c < "$1""#) == "RIFF 50")
    }

    @Test("The program inherits nothing that is open, such as a connection that would not end before it does")
    func inheritance() async throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let script = "for fd in \(ends[0]) \(ends[1]); do [ -e /proc/$$/fd/$fd ] && echo open || echo closed; done"
        #expect(try await text(script) == "closed closed")
    }

    @Test("The file is gone afterwards")
    func temporary() async throws {
        let path = try await text(#"echo "$1""#)
        #expect(path.hasSuffix(".wav"))
        #expect(access(path, F_OK) == -1)
    }

    @Test(
        "A program that fails, dies or hangs gives no text, and why",
        arguments: [
            ("echo text; exit 3", RecognizerFailure.failed(status: 3)), ("kill -9 $$", .killed(signal: 9)),
            ("sleep 60", .late(seconds: 1)),
        ])
    func failures(script: String, failure: RecognizerFailure) async throws {
        let timeout = failure == .late(seconds: 1) ? 1 : 20
        await #expect(throws: failure) { try await text(script, timeout: timeout) }
    }

    @Test("A program that does not exist is known beforehand, and gives no text")
    func missing() throws {
        let missing = try #require(RecognizerCommand(parsing: "/nonexistent/recognizer -x"))
        #expect(missing.words == ["/nonexistent/recognizer", "-x"])
        #expect(throws: RecognizerFailure.notRun("No such file or directory")) {
            try RecognizerProcess.output(of: missing, path: "/dev/null")
        }
        for (line, isFound) in [
            ("/nonexistent/recognizer -x", false), ("sh -c", true), ("/bin/sh", true), ("/tmp", false),
            ("/etc/passwd", false), ("no-such-recogniser", false),
        ] {
            #expect(RecognizerCommand(parsing: line)?.isFound == isFound, "\(line)")
        }
    }

    @Test("Output is bounded")
    func bounded() async throws {
        let text = try await text("head -c 1000000 /dev/zero | tr '\\0' a")
        #expect(text.count == 64 << 10)
    }

    @Test("A command needs a program")
    func parsing() { #expect(RecognizerCommand(parsing: "  ") == nil) }
}
