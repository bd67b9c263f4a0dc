import ArgumentParser
import FennecSimulator
import GatewayWire
import NIOCore
import NIOPosix
import UnixSignals

/// `simulate`: the stand-in for the service.
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a stand-in for the Fennec service, for tests and demonstrations without a key.",
        discussion: """
            It gives tokens for any key, finds utterances in the audio and answers with the words of a known recording \
            (--transcripts), of a recogniser (--recognizer-command), or with a description of each utterance.

            A service that knows the words of the test recording:
              fennec-gateway simulate --transcripts Tests/Fixtures/audio/speech.json
            A service that recognises what is said, if badly (Debian packages pocketsphinx, pocketsphinx-en-us):
              fennec-gateway simulate --recognizer-command "pocketsphinx_continuous -logfn /dev/null -infile"
            A service that is slow, refuses two tokens, and drops every stream after a megabyte:
              fennec-gateway simulate --connect-latency 300ms \\
                --fault mint:status=500,count=2 --fault open:abort-after=1048576

            Faults, each with an optional ,count=N:
            \(SimulatorFault.spellings.map { "  " + $0 }.joined(separator: "\n"))

            When the output is not a terminal it is one line of JSON, {"listening":"127.0.0.1:9900"}. SIGINT and \
            SIGTERM end the program.
            """)

    @Option(
        help: .init("Where to listen; port 0 takes any. (default: 127.0.0.1:9900)", valueName: "address:port"),
        transform: ListenArgument.init(_:))
    var listen = ListenArgument(loopbackPort: 9900)

    @OptionGroup var behaviour: SimulatorOptions

    func run() async throws {
        var configuration = try behaviour.configuration()
        configuration.address = try listen.socketAddress
        // Before anybody is told that it listens, and may want it to end.
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let simulator = try await start(configuration)
        announce(simulator)
        for await _ in signals { break }
        await simulator.stop()
    }

    private func start(_ configuration: SimulatorConfiguration) async throws -> Simulator {
        do {
            return try await Simulator.start(
                configuration: configuration, group: MultiThreadedEventLoopGroup.singleton)
        } catch let error as IOError {
            throw CommandFailure("cannot listen on \(listen): \(SocketFailure.words(error))")
        }
    }

    private func announce(_ simulator: Simulator) {
        let address = "\(simulator.address.authority)"
        if !listen.isLoopback {
            Console.error("warning: \(address) can be reached from other machines; anybody there may connect\n")
        }
        guard Console.isTerminal else { return Console.out("{\"listening\":\"\(address)\"}\n") }
        Console.out(
            """
            A stand-in for the Fennec service listens on \(address).
              token_url:  http://\(address)\(Simulator.tokenPath)
              stream_url: ws://\(address)\(Simulator.streamPath)
            \(behaviour.apiKeyFile == nil ? "Any API key will do. " : "")Ctrl-C ends it.

            """)
    }
}
