import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import FennecSimulator

@Suite struct RecognizerTests {
    /// The output of a shell script that gets the WAV as `$1`.
    private func text(of samples: [Int16] = [1, 2, 3], _ script: String, timeout: Int = 20) async throws -> String? {
        let command = try #require(RecognizerCommand(words: ["sh", "-c", script, "sh"], timeoutSeconds: timeout))
        let recognizer = Recognizer(command)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let text = try await recognizer.text(of: samples, sampleRate: 16_000, on: loop).get()
        await recognizer.stop()
        return text
    }

    @Test("The program gets a WAV file and its output is tidied")
    func output() async throws {
        #expect(try await text(#"head -c 4 "$1"; echo; wc -c < "$1""#) == "RIFF 50")
    }

    @Test("The file is gone afterwards")
    func temporary() async throws {
        let path = try #require(try await text(#"echo "$1""#))
        #expect(path.hasSuffix(".wav"))
        #expect(access(path, F_OK) == -1)
    }

    @Test("A program that fails, hangs or does not exist gives no text")
    func failures() async throws {
        #expect(try await text("echo text; exit 3") == nil)
        #expect(try await text("sleep 60", timeout: 1) == nil)
        let missing = try #require(RecognizerCommand(parsing: "/nonexistent/recognizer -x"))
        #expect(missing.words == ["/nonexistent/recognizer", "-x"])
        #expect(RecognizerProcess.output(of: missing, path: "/dev/null") == nil)
    }

    @Test("Output is bounded")
    func bounded() async throws {
        let text = try #require(try await text("head -c 1000000 /dev/zero | tr '\\0' a"))
        #expect(text.count == 64 << 10)
    }

    @Test("A command needs a program")
    func parsing() { #expect(RecognizerCommand(parsing: "  ") == nil) }
}
