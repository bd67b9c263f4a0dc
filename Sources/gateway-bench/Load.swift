import ArgumentParser
import FennecSimulator
import FennecUpstream
import GatewayCore
import GatewayTesting
import NIOCore
import NIOPosix

/// `load`: streams of audio through the real gateway to the real stand-in, beside the same load without the gateway.
struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures what the gateway costs: CPU for each message, added latency, memory for each session.",
        discussion: """
            Drives streams of 16 kHz PCM through the gateway, a process of its own, to the stand-in for the service, \
            and in the same run the same load straight to the stand-in. Rounds of both alternate; medians are \
            quoted, with minimum and maximum. Latency is from the client's send to the stand-in's receipt, by a \
            timestamp in the audio; what is added is the difference of a round's two percentiles. Every byte that was \
            sent must arrive. Build with -c release.

              gateway-bench load --streams 100 --message 32
              gateway-bench load --streams 20 --message 100 --fast
            """)

    @Option(help: "Streams at once.")
    var streams = 100

    @Option(help: ArgumentHelp("Audio in a message, in ms.", valueName: "ms"))
    var message = 32

    @Option(help: "Seconds measured in each round, after a warm-up.")
    var seconds = 5.0

    @Option(help: "Rounds of both ways.")
    var rounds = 3

    @Option(help: "So many times real time.")
    var speed = 1.0

    @Flag(help: "As fast as back-pressure allows, instead of in real time.")
    var fast = false

    @Flag(help: "The same load besides through a gateway that keeps a ledger and lines of JSON.")
    var accounts = false

    @Option(help: "The gateway's program; by default the one beside this.")
    var gateway: String?

    func validate() throws {
        guard (1...10_000).contains(streams) else { throw ValidationError("--streams is from 1 to 10000") }
        guard (1...1000).contains(message) else { throw ValidationError("--message is from 1 to 1000 ms") }
        guard seconds > 0, seconds <= 3600 else { throw ValidationError("--seconds is above 0, at most 3600") }
        guard (1...100).contains(rounds) else { throw ValidationError("--rounds is from 1 to 100") }
        guard speed > 0, speed <= 1000 else { throw ValidationError("--speed is above 0, at most 1000") }
    }

    func run() async throws {
        let shape = LoadShape(
            streams: streams, messageMilliseconds: message, seconds: seconds, pace: fast ? .unpaced : .realtime(speed))
        let arrivals = ArrivalRecorder()
        var configuration = SimulatorConfiguration()
        configuration.audioObserver = { arrivals.arrived($0) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let simulator = try await Simulator.start(configuration: configuration, group: group)
        let minter = try makeMinter(port: simulator.port)
        let program = gateway ?? CommandLine.arguments[0].beside("fennec-gateway")
        let child = try GatewayProcess(program: program, upstreamPort: simulator.port, maxSessions: streams + 10)
        defer { child.stop() }
        let loop = group.next()
        let direct = LoadRun(
            shape: shape, loop: loop, arrivals: arrivals, minter: minter, port: simulator.port, gateway: nil)
        let through = LoadRun(
            shape: shape, loop: loop, arrivals: arrivals, minter: nil, port: child.port, gateway: child.pid)
        let keeper =
            accounts
            ? try GatewayProcess(
                program: program, upstreamPort: simulator.port, maxSessions: streams + 10, keepsAccounts: true) : nil
        defer { keeper?.stop() }
        let accounted = keeper.map { keeper in
            LoadRun(shape: shape, loop: loop, arrivals: arrivals, minter: nil, port: keeper.port, gateway: keeper.pid)
        }
        var results: (direct: [LoadResult], through: [LoadResult], accounted: [LoadResult]) = ([], [], [])
        for _ in 0..<rounds {
            if let accounted { results.accounted.append(try await accounted.measure()) }
            results.direct.append(try await direct.measure())
            results.through.append(try await through.measure())
        }
        let report = LoadReport(
            shape: shape, direct: results.direct, through: results.through, accounted: results.accounted)
        Output.line(report.text)
        minter.shutDown()
        await simulator.stop()
    }

    private func makeMinter(port: Int) throws -> TokenMinter {
        guard let url = EndpointURL("http://127.0.0.1:\(port)\(Simulator.tokenPath)") else {
            throw TestingFailure("no URL for port \(port)")
        }
        return try TokenMinter(settings: MinterSettings(tokenURL: url))
    }
}

extension String {
    /// The path of another file in the same directory.
    func beside(_ name: String) -> String {
        guard let slash = lastIndex(of: "/") else { return name }
        return self[...slash] + name
    }
}
