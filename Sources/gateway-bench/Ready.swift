import ArgumentParser
import FennecSimulator
import FennecUpstream
import GatewayCore
import GatewayTesting
import NIOCore
import NIOPosix

/// `ready`: how long it takes from a client's first connection to `ready`, with and without the gateway.
struct Ready: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures the time from a client's first connection to ready, beside that without the gateway.",
        discussion: """
            Without the gateway a client gets a token and then connects; through it, it connects. The stand-in adds the \
            latency to every token and to every handshake. The gateway, a process of its own, runs once with tokens on \
            demand (cold) and once with tokens ready (warm). Rounds of all three alternate. Build with -c release.

              gateway-bench ready --sessions 100 --latency 50
            """)

    @Option(help: "Sessions of each kind in a round, one after the other.")
    var sessions = 100

    @Option(help: ArgumentHelp("Added to every token and to every handshake.", valueName: "ms"))
    var latency = 50

    @Option(help: "Rounds of all three.")
    var rounds = 3

    @Option(help: "The gateway's program; by default the one beside this.")
    var gateway: String?

    func validate() throws {
        guard sessions > 0, rounds > 0, (0...10_000).contains(latency) else {
            throw ValidationError("--sessions and --rounds are above 0, --latency is from 0 to 10000")
        }
    }

    func run() async throws {
        var configuration = SimulatorConfiguration()
        configuration.mintLatency = .milliseconds(Int64(latency))
        configuration.connectLatency = .milliseconds(Int64(latency))
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let simulator = try await Simulator.start(configuration: configuration, group: group)
        let direct = try DirectPath(port: simulator.port, loop: group.next())
        let program = gateway ?? CommandLine.arguments[0].beside("fennec-gateway")
        let cold = try GatewayProcess(program: program, upstreamPort: simulator.port, tokenPool: "{ ceiling: 0 }")
        defer { cold.stop() }
        let warm = try GatewayProcess(program: program, upstreamPort: simulator.port, tokenPool: "{ floor: 8 }")
        defer { warm.stop() }
        var times: (direct: [Double], cold: [Double], warm: [Double]) = ([], [], [])
        for _ in 0..<rounds {
            times.direct += try await measure { try await direct.run() }
            times.cold += try await measure { try await Self.through(cold, on: group.next()) }
            times.warm += try await measure { try await Self.through(warm, on: group.next()) }
        }
        Output.line(
            ReadyReport(
                latency: latency, direct: Distribution(times.direct), cold: Distribution(times.cold),
                warm: Distribution(times.warm)
            ).text)
        direct.stop()
        await simulator.stop()
    }

    /// The times in ms; the first tenth warms up and does not count.
    private func measure(_ session: () async throws -> ContinuousClock.Instant) async throws -> [Double] {
        var times: [Double] = []
        let warmUp = max(sessions / 10, 1)
        for number in 0..<(warmUp + sessions) {
            let begun = ContinuousClock.now
            let ready = try await session()
            if number >= warmUp { times.append(begun.duration(to: ready) / .milliseconds(1)) }
        }
        return times
    }

    private static func through(
        _ gateway: GatewayProcess, on loop: any EventLoop
    ) async throws -> ContinuousClock.Instant {
        try await ReadyClient.run(port: gateway.port, path: Simulator.streamPath, on: loop)
    }
}
