import ArgumentParser
import FennecSimulator
import NIOCore
import Testing

@testable import fennec_gateway

struct CommandLineTests {
    @Test("simulate has the stand-in's own defaults")
    func simulateDefaults() throws {
        let command = try #require(try FennecGateway.parseAsRoot(["simulate"]) as? Simulate)
        #expect(command.listen.description == "127.0.0.1:9900" && command.listen.isLoopback)
        let configuration = try command.behaviour.configuration()
        let plain = SimulatorConfiguration()
        #expect(configuration.tokenLifetimeSeconds == plain.tokenLifetimeSeconds)
        #expect(configuration.partialMilliseconds == plain.partialMilliseconds)
        #expect(configuration.faults.isEmpty && configuration.apiKey == nil)
    }

    @Test("every option of simulate reaches the stand-in")
    func simulateOptions() throws {
        let command = try #require(
            try FennecGateway.parseAsRoot([
                "simulate", "--listen", "[::1]:0", "--mint-latency", "50ms", "--connect-latency", "1s",
                "--ready-latency",
                "2s", "--final-latency", "1m", "--token-lifetime", "5s", "--partials-every", "off", "--record", "/r",
                "--recognizer-command", "sh -c", "--fault", "mint:hang,count=2", "--fault",
                "open:silence",
            ]) as? Simulate)
        let configuration = try command.behaviour.configuration()
        #expect(command.listen.description == "[::1]:0")
        #expect(configuration.mintLatency == .milliseconds(50) && configuration.connectLatency == .seconds(1))
        #expect(configuration.readyLatency == .seconds(2) && configuration.finalLatency == .minutes(1))
        #expect(configuration.tokenLifetimeSeconds == 5 && configuration.partialMilliseconds == 0)
        #expect(configuration.recordDirectory == "/r")
        #expect(configuration.recognizer == RecognizerCommand(words: ["sh", "-c"]))
        #expect(configuration.faults == [SimulatorFault(.mintHang, count: 2), SimulatorFault(.silence)])
    }

    @Test("stream is in real time, in chunks of 32 ms, to this machine unless told otherwise")
    func streamDefaults() throws {
        let command = try #require(try FennecGateway.parseAsRoot(["stream", "a.wav"]) as? fennec_gateway.Stream)
        #expect(command.pacing == .realtime && command.chunk == .milliseconds(32))
        #expect(command.url == .local && command.partials == nil && !command.json)
    }

    @Test("stream takes its options")
    func streamOptions() throws {
        let command = try #require(
            try FennecGateway.parseAsRoot([
                "stream", "a.wav", "--fast", "--chunk", "100ms", "--no-partials", "--vad", "threshold=0.5", "--vad",
                "debug=true", "--set", "context=a b", "--url", "wss://h/s", "--ticket-file", "t", "--ca-file", "c",
            ]) as? fennec_gateway.Stream)
        #expect(command.pacing == .fast && command.chunk == .milliseconds(100) && command.partials == false)
        #expect(command.vad.count == 2 && command.set.map(\.path) == [["context"]])
        #expect(command.ticketFile == "t" && command.caFile == "c")
    }

    @Test("policy takes its options, short and long")
    func policyOptions() throws {
        let explain = try #require(
            try FennecGateway.parseAsRoot([
                "policy", "explain", "-c", "a.yaml", "-p", "p", "--query", "detect_thoughts=true", "--json", "f",
            ]) as? ExplainPolicy)
        #expect(explain.source.config == "a.yaml" && explain.policy == "p" && explain.json && explain.file == "f")
        let show = try #require(try FennecGateway.parseAsRoot(["policy", "show", "p", "--config", "a"]) as? ShowPolicy)
        #expect(show.name == "p" && show.source.config == "a" && !show.json)
    }

    @Test(
        "wrong usage is refused with 64",
        arguments: [
            ["sever"], ["check-config"], ["stream"], ["stream", "a", "b"], ["stream", "a", "--fast", "--realtime"],
            ["stream", "a", "--chunk", "0s"], ["stream", "a", "--chunk", "11s"], ["stream", "a", "--chunk", "32"],
            ["stream", "a", "--ticket", "t", "--ticket-file", "f"], ["stream", "a", "--origin", "a\r\nX: y"],
            ["simulate", "--listen", "nowhere"], ["simulate", "--listen", "unix:/a"],
            ["simulate", "--listen", "::1:1"],
            ["simulate", "--token-lifetime", "0s"], ["simulate", "--token-lifetime", "500ms"],
            ["simulate", "--partials-every", "0s"], ["simulate", "--mint-latency", "soon"],
            ["simulate", "--fault", "mint:explode"], ["simulate", "--recognizer-command", " "],
            ["policy", "explain"], ["policy", "explain", "--config", "c"], ["policy", "explain", "--policy", "p"],
            ["policy", "explain", "-c", "c", "-p", "p", "a", "b"], ["policy", "show", "-c", "c"], ["policy", "list"],
            ["policy", "schema", "p"], ["policy", "shwo"],
        ])
    func wrongUsage(arguments: [String]) throws {
        let error = #expect(throws: (any Error).self) { try FennecGateway.parseAsRoot(arguments) }
        #expect(FennecGateway.exitCode(for: try #require(error)).rawValue == 64)
    }

    @Test(
        "an address that only others' machines can tell apart is no loopback address",
        arguments: [
            ("127.0.0.1:1", true), ("127.9.9.9:1", true), ("[::1]:1", true), ("0.0.0.0:1", false), ("[::]:1", false),
        ])
    func loopback(text: String, isLoopback: Bool) throws {
        #expect(try ListenArgument(text).isLoopback == isLoopback)
    }
}
