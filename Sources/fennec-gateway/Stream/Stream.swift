import ArgumentParser
import FennecSimulator

/// `stream`: our own client.
struct Stream: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Streams a recording to a gateway and prints the transcripts as they come.",
        discussion: """
            The recording is a WAV file: PCM of 8, 16, 24 or 32 bits or 32-bit float, of any rate and number of \
            channels. It is sent as 16-bit PCM with its own rate and channels in the start message.

            To a gateway on this machine, as a microphone would:
              fennec-gateway stream speech.wav
            As a page would, quickly, with settings of the voice activity detection:
              fennec-gateway stream speech.wav --fast --origin https://app.example.com \\
                --vad threshold=0.45 --vad min_silence_ms=800 --set single_utterance=false
            A check that the right words come back, for scripts:
              fennec-gateway stream speech.wav --fast --no-partials --expect speech.json

            Transcripts go to the standard output, the summary to the standard error. Exit codes: 0 when the session \
            got ready, had no error and was closed with 1000 (and said what is expected); otherwise 1.
            """)

    @Argument(help: "The recording, a WAV file.")
    var file: String

    @Option(
        help: .init("The stream, ws:// or wss://. (default: \(StreamURL.local.endpoint))", valueName: "url"),
        transform: StreamURL.init(_:))
    var url = StreamURL.local

    @Flag(exclusivity: .exclusive)
    var pacing = Pacing.realtime

    @Option(
        help: .init("Audio in one message, 1ms to 10s. (default: 32ms)", valueName: "duration"),
        transform: parseChunk)
    var chunk = Duration.milliseconds(32)

    @Option(
        help: .init("A setting of the voice activity detection; may be repeated.", valueName: "key=value"),
        transform: StartSetting.vad)
    var vad: [StartSetting] = []

    @Option(
        help: .init(
            "Any member of the start message, such as context=TEXT or vad.x=1, right or wrong; may be repeated.",
            valueName: "field=value"),
        transform: StartSetting.any)
    var set: [StartSetting] = []

    @Option(help: .init("Send this Origin header, as a page of it would.", valueName: "url"))
    var origin: String?

    @Option(help: .init("Present this ticket; other users of this machine can see it.", valueName: "ticket"))
    var ticket: String?

    @Option(help: .init("Present the ticket in this file.", valueName: "file"))
    var ticketFile: String?

    @Option(help: .init("Trust the certificates in this PEM file instead of the system's.", valueName: "file"))
    var caFile: String?

    @Flag(help: "Print every message as a line of JSON, and the summary too.")
    var json = false

    @Flag(
        inversion: .prefixedNo,
        help: "Print partial transcripts, too. (default: on a terminal and with --json)")
    var partials: Bool?

    @Option(help: .init("Compare the words with the texts in this file, as simulate reads it.", valueName: "file"))
    var expect: String?

    func validate() throws {
        guard ticket == nil || ticketFile == nil else {
            throw ValidationError("--ticket and --ticket-file exclude each other")
        }
        guard origin?.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) ?? true else {
            throw ValidationError("--origin takes an origin such as https://app.example.com")
        }
    }

    func run() async throws {
        let expected = try expect.map { try TranscriptsFile.read($0).entries.map(\.text) }
        let audio = try openRecording()
        let plan = StreamPlan(
            start: try StartRequest.text(audio.format, settings: vad + set), audio: audio, chunk: chunk,
            pacing: pacing)
        let connection = StreamConnection(
            url: url, ticket: try ticketFile.map { try SmallFile.line($0) } ?? ticket, origin: origin, caFile: caFile)
        let printer = StreamPrinter(style)
        let outcome = try await connection.run(plan, printer: printer)
        printer.finish()
        let summary = StreamSummary(outcome, sampleRate: audio.format.sampleRate)
        Console.error((json ? summary.json : summary.text) + "\n")
        let isRight = expected.map { saysWhat($0, outcome) } ?? true
        guard outcome.isSuccess, isRight else { throw ExitCode.failure }
    }

    private var style: StreamPrinter.Style {
        StreamPrinter.Style(
            isJSON: json, showsPartials: partials ?? (json || Console.isTerminal),
            columns: Console.isTerminal ? Console.columns : nil)
    }

    private func openRecording() throws(CommandFailure) -> WAVReader {
        do throws(WAVError) {
            return try WAVReader(try Self.source(file))
        } catch {
            throw CommandFailure("\(file): \(error)")
        }
    }

    private static func source(_ path: String) throws(WAVError) -> FileSource {
        do throws(CommandFailure) { return try FileSource(path) } catch { throw .unreadable(error) }
    }

    private func saysWhat(_ expected: [String], _ outcome: StreamOutcome) -> Bool {
        guard let difference = TranscriptComparison(expected: expected, found: outcome.finals).difference else {
            return true
        }
        Console.error("the words are not the expected ones ([-missing-], {+surplus+}):\n  \(difference.printable)\n")
        return false
    }

    private static func parseChunk(_ text: String) throws(ArgumentProblem) -> Duration {
        let chunk = try DurationArgument.parse(text)
        guard (Duration.milliseconds(1)...Duration.seconds(10)).contains(chunk) else {
            throw ArgumentProblem("expected 1ms to 10s")
        }
        return chunk
    }
}
