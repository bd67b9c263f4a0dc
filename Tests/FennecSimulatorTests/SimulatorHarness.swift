import GatewayWire
import NIOPosix
import Testing

@testable import FennecSimulator

/// Boots stand-ins and talks to them.
enum SimulatorHarness {
    /// The default configuration with changes; audio is kept.
    static func configuration(
        _ change: (inout SimulatorConfiguration) throws -> Void
    ) rethrows -> SimulatorConfiguration {
        var configuration = SimulatorConfiguration()
        configuration.keepsAudio = true
        try change(&configuration)
        return configuration
    }

    /// Runs with a stand-in, which is gone afterwards.
    static func run(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration(), body: (Simulator) async throws -> Void
    ) async throws {
        let simulator = try await Simulator.start(
            configuration: configuration, group: MultiThreadedEventLoopGroup.singleton)
        do { try await body(simulator) } catch {
            await simulator.stop()
            throw error
        }
        await simulator.stop()
    }

    static func mint(_ simulator: Simulator, key: String? = "k") async throws -> String {
        let field = key.map { "X-API-Key: \($0)\r\n" } ?? ""
        return try await RawHTTP.exchange(
            port: simulator.port,
            "POST \(Simulator.tokenPath) HTTP/1.1\r\nHost: x\r\n\(field)Content-Length: 0\r\nConnection: close\r\n\r\n")
    }

    static func token(_ simulator: Simulator) async throws -> String {
        let reply = try await mint(simulator)
        let body = try #require(reply.firstRange(of: "\r\n\r\n")).upperBound
        return try #require(JSONReader.read(reply[body...].utf8)["token"]?.string)
    }

    static func converse(_ simulator: Simulator, _ lines: [ScriptedClient.Line]) async throws -> Conversation {
        let target = Simulator.streamPath + "?streaming_token=" + (try await token(simulator))
        return try await ScriptedClient.converse(port: simulator.port, target: target, lines)
    }
}
