import ArgumentParser
import FennecSimulator
import GatewayCore
import GatewayServer
import GatewayTesting
import NIOCore
import NIOPosix

/// `admission`: what it costs to judge who connects, and what somebody who guesses credentials costs the others.
struct AdmissionCost: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admission",
        abstract:
            "Measures admission: its cost for each connection, memory for each client, and a flood of bad tokens.",
        discussion: """
            The gateway is a process of its own, before the stand-in for the service. Cost is its CPU for a request on a \
            kept-alive connection, less that of one which is not judged at all. The flood sends bad device tokens as fast \
            as one event loop can, over kept-alive connections of the very address that the others come from; what these \
            wait for their ready is measured before, during and after it, in the same run. Build with -c release.

              gateway-bench admission
            """)

    @Option(help: "Seconds for each kind of request.")
    var seconds = 3.0

    @Option(help: "Sessions before, during and after the flood, one after the other.")
    var sessions = 300

    @Option(help: "Connections of the flood.")
    var connections = 32

    @Option(help: "The gateway's program; by default the one beside this.")
    var gateway: String?

    func validate() throws {
        guard seconds > 0, seconds <= 60, (1...100_000).contains(sessions), (1...1000).contains(connections) else {
            throw ValidationError("--seconds is up to 60, --sessions up to 100000, --connections up to 1000")
        }
    }

    func run() async throws {
        Output.line("memory of an idle client's entry")
        for line in try ClientMemory.lines() { Output.line(line) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 3)
        let simulator = try await Simulator.start(configuration: SimulatorConfiguration(), group: group)
        let state = try TemporaryDirectory()
        defer { state.remove() }
        let token = try DeviceDatabase(stateDirectory: state.path).add("kiosk-1", policy: nil, expires: nil)
        let child = try GatewayProcess(
            program: gateway ?? CommandLine.arguments[0].beside("fennec-gateway"), upstreamPort: simulator.port,
            tokenPool: "{ floor: 8 }",
            access: """
                [{ name: kiosks, match: { device: "kiosk-*" } }, { name: web, match: { origin: "https://a.example" } }, \
                { name: local, match: { address: loopback } }]
                """, stateDirectory: state.path)
        defer { child.stop() }
        try await measureCost(child, token: token, on: group.next())
        try await measureFlood(child, loops: (group.next(), group.next()))
        await simulator.stop()
    }

    private func request(_ target: String, _ headers: [String] = []) -> String {
        "GET \(target) HTTP/1.1\r\nHost: localhost\r\n" + headers.map { "\($0)\r\n" }.joined() + "\r\n"
    }

    private func measureCost(_ child: GatewayProcess, token: String, on loop: any EventLoop) async throws {
        let body = try PlainRequest.answer(
            to: "POST \(Simulator.tokenPath) HTTP/1.1\r\nHost: localhost\r\nX-API-Key: \(token)\r\n"
                + "Content-Length: 0\r\nConnection: close\r\n\r\n", port: child.port)
        guard let ticket = body.split(separator: "\"").first(where: { $0.hasPrefix("fgt_") }) else {
            throw TestingFailure("the gateway gives no ticket: \(body.prefix(15))")
        }
        // Without Upgrade a stream is refused, but only after it is known who asks.
        let stream = Simulator.streamPath
        let kinds = [
            ("nobody is asked who they are", request("/nowhere"), 404),
            ("by address", request(stream), 400), ("by origin", request(stream, ["Origin: https://a.example"]), 400),
            ("by device token", request(stream, ["X-API-Key: \(token)"]), 400),
            ("by ticket", request("\(stream)?streaming_token=\(ticket)"), 400),
        ]
        Output.line("CPU of the gateway for a request, µs; in brackets what admission adds")
        var base = 0.0
        for (name, request, status) in kinds {
            let before = ProcessSample.of(pid: child.pid)?.cpuTicks ?? 0
            let count = try await RequestFlood.run(
                request, port: child.port, connections: 4, depth: 8, seconds: seconds, on: loop)
            let ticks = (ProcessSample.of(pid: child.pid)?.cpuTicks ?? 0) - before
            guard count.total > 0, count.answers[status] == count.total else {
                throw TestingFailure("\(name): expected \(status) alone, got \(count.answers)")
            }
            let cost = Double(ticks) / Double(ProcessSample.clockTicks) * 1e6 / Double(count.total)
            if base == 0 { base = cost }
            Output.line("  \(name): \(tenths(cost)) (\(tenths(cost - base)))")
        }
    }

    private func measureFlood(_ child: GatewayProcess, loops: (flood: any EventLoop, others: any EventLoop))
        async throws
    {
        let bad = request(Simulator.streamPath, ["X-API-Key: fgd_" + String(repeating: "x", count: 43)])
        Output.line("time to ready of others, \(sessions) sessions each, ms: median, p99, maximum")
        Output.line("  before the flood: \(try await readiness(child, loops.others))")
        // As long as the others need: ended by them, not by the clock.
        var count = RequestFlood.Count()
        let (port, connections) = (child.port, connections)
        let isOver = FloodEnd()
        async let flood = Self.flood(bad, port: port, connections: connections, until: isOver, on: loops.flood)
        try await Task.sleep(for: .seconds(1))
        Output.line("  during the flood: \(try await readiness(child, loops.others))")
        isOver.come()
        count = try await flood
        Output.line("  after the flood: \(try await readiness(child, loops.others))")
        let rate = Int(Double(count.total) / count.seconds)
        let kinds = count.answers.sorted { $0.key < $1.key }.map { "\($0.value) with \($0.key)" }
        Output.line(
            "bad tokens: \(rate) a second on \(Int(Double(count.connects) / count.seconds)) connections a second; answered "
                + kinds.joined(separator: ", "))
    }

    /// Slices of a second, until the end is said.
    private static func flood(
        _ request: String, port: Int, connections: Int, until isOver: FloodEnd, on loop: any EventLoop
    ) async throws -> RequestFlood.Count {
        var sum = RequestFlood.Count()
        while !isOver.hasCome {
            let count = try await RequestFlood.run(
                request, port: port, connections: connections, depth: 8, seconds: 1, on: loop)
            sum.answers.merge(count.answers, uniquingKeysWith: +)
            sum.connects += count.connects
            sum.seconds += count.seconds
        }
        return sum
    }

    private func readiness(_ child: GatewayProcess, _ loop: any EventLoop) async throws -> String {
        var times: [Double] = []
        for _ in 0..<sessions {
            let begun = ContinuousClock.now
            let ready = try await ReadyClient.run(port: child.port, path: Simulator.streamPath, on: loop)
            times.append(begun.duration(to: ready) / .milliseconds(1))
        }
        let figures = Distribution(times)
        return [figures.median, figures.percentile(99), figures.maximum].map(tenths).joined(separator: ", ")
    }

    private func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
