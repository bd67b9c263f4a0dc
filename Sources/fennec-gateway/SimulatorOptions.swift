import ArgumentParser
import FennecSimulator
import NIOCore

/// How the stand-in behaves, as options.
struct SimulatorOptions: ParsableArguments {
    @Option(help: .init("Accept only the key in this file. (default: any key)", valueName: "file"))
    var apiKeyFile: String?

    @Option(help: .init("Answer with these texts, which lie at these times of the audio.", valueName: "file"))
    var transcripts: String?

    @Option(
        help: .init(
            "Answer with what this program prints; it gets the path of a WAV file as its last argument.",
            valueName: "command"),
        transform: parseRecognizer)
    var recognizerCommand: RecognizerCommand?

    @Option(help: .init("Keep what every connection sent and got in this directory.", valueName: "directory"))
    var record: String?

    @Option(
        help: .init("From a token request to its answer. (default: 0s)", valueName: "duration"),
        transform: DurationArgument.parse)
    var mintLatency = Duration.zero

    @Option(
        help: .init("From a WebSocket handshake to its answer. (default: 0s)", valueName: "duration"),
        transform: DurationArgument.parse)
    var connectLatency = Duration.zero

    @Option(
        help: .init("From start to ready. (default: 0s)", valueName: "duration"), transform: DurationArgument.parse)
    var readyLatency = Duration.zero

    @Option(
        help: .init("From the end of an utterance to its final. (default: 0s)", valueName: "duration"),
        transform: DurationArgument.parse)
    var finalLatency = Duration.zero

    @Option(
        help: .init("How long a token is good, in whole seconds. (default: 60s)", valueName: "duration"),
        transform: DurationArgument.parseSeconds)
    var tokenLifetime = 60

    @Option(
        help: .init("Speech from one partial to the next, or off. (default: 1s)", valueName: "duration"),
        transform: DurationArgument.parseMillisecondsOrOff)
    var partialsEvery = 1000

    @Option(
        help: .init("Something to do wrong on purpose, see above; may be repeated.", valueName: "fault"),
        transform: SimulatorFault.init(parsing:))
    var fault: [SimulatorFault] = []

    /// The configuration, with the files read; throws what is wrong with them.
    func configuration() throws -> SimulatorConfiguration {
        var configuration = SimulatorConfiguration()
        configuration.apiKey = try apiKeyFile.map { path in try SmallFile.line(path) }
        configuration.transcripts = try transcripts.map { path in try TranscriptsFile.read(path) }
        if let command = recognizerCommand, !command.isFound {
            throw CommandFailure("\(command.words[0]) is no program that can be run; is it installed, and in PATH?")
        }
        configuration.recognizer = recognizerCommand
        configuration.troubleObserver = { Console.error("warning: \($0)\n") }
        configuration.recordDirectory = record
        configuration.mintLatency = TimeAmount(mintLatency)
        configuration.connectLatency = TimeAmount(connectLatency)
        configuration.readyLatency = TimeAmount(readyLatency)
        configuration.finalLatency = TimeAmount(finalLatency)
        configuration.tokenLifetimeSeconds = tokenLifetime
        configuration.partialMilliseconds = partialsEvery
        configuration.faults = fault
        return configuration
    }

    private static func parseRecognizer(_ text: String) throws(ArgumentProblem) -> RecognizerCommand {
        guard let command = RecognizerCommand(parsing: text) else { throw ArgumentProblem("expected a program") }
        return command
    }
}
