import GatewayWire
import NIOCore
import Testing

@testable import FennecSimulator

/// Faults over real sockets.
@Suite struct SimulatorFaultsTests {
    private let start = ScriptedClient.Line.text(#"{"type":"start"}"#)
    private let eos = ScriptedClient.Line.text(#"{"type":"eos"}"#)
    private let second = ScriptedClient.Line.audio([UInt8](repeating: 0, count: 32_000))

    private func run(_ faults: String..., body: (Simulator) async throws -> Void) async throws {
        let parsed = try faults.map { try SimulatorFault(parsing: $0) }
        try await SimulatorHarness.run(SimulatorHarness.configuration { $0.faults = parsed }, body: body)
    }

    private func hear(_ fault: String, _ lines: [ScriptedClient.Line]) async throws -> Conversation {
        var heard: Conversation?
        try await run(fault) { heard = try await SimulatorHarness.converse($0, lines) }
        return try #require(heard)
    }

    @Test(
        "Token requests go wrong as asked",
        arguments: [
            ("mint:status=503,retry-after=7", "HTTP/1.1 503", "Retry-After: 7"),
            ("mint:not-json", "HTTP/1.1 200", "<html>"), ("mint:empty-token", "HTTP/1.1 200", #"{"token":""}"#),
            ("mint:no-token", "HTTP/1.1 200", #"{"ok":true}"#), ("mint:garbage", "HTTP/1.1 200", "\u{FFFD}"),
        ])
    func mint(fault: String, status: String, expected: String) async throws {
        try await run(fault + ",count=1") { simulator in
            let reply = try await SimulatorHarness.mint(simulator)
            #expect(reply.hasPrefix(status))
            #expect(reply.lowercased().contains(expected.lowercased()))
            #expect(try await SimulatorHarness.mint(simulator).contains(#"{"token":"ey"#))
        }
    }

    @Test("A token request may end without an answer")
    func mintHangUp() async throws {
        try await run("mint:hang-up") { simulator in
            let reply = try await SimulatorHarness.mint(simulator)
            #expect(reply.isEmpty)
        }
    }

    @Test(
        "Handshakes are refused as asked, and accepted afterwards",
        arguments: [("upgrade:status=429", 429), ("upgrade:redirect", 302)])
    func upgrade(fault: String, status: Int) async throws {
        try await run(fault + ",count=1") { simulator in
            let error = await #expect(throws: WebSocketClient.Failure.self) {
                try await SimulatorHarness.converse(simulator, [start, eos])
            }
            guard case .refused(status)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            let heard = try await SimulatorHarness.converse(simulator, [start, eos])
            #expect(heard.types == ["ready"])
        }
    }

    @Test("A handshake may end without an answer")
    func upgradeHangUp() async throws {
        try await run("upgrade:hang-up") { simulator in
            await #expect(throws: WebSocketClient.Failure.self) {
                try await SimulatorHarness.converse(simulator, [start])
            }
        }
    }

    @Test("The stream is closed after so much audio, with the code and reason asked for")
    func closeAfter() async throws {
        let heard = try await hear("open:close-after=64000,code=4001,reason=enough", [start, second, second, second])
        #expect(heard.types == ["ready"])
        #expect(heard.end == .closed(code: 4001, reason: "enough"))
        let bare = try await hear("open:close-after=0,code=none", [start])
        #expect(bare.end == .closed(code: nil, reason: ""))
    }

    @Test("The connection is lost after so much audio")
    func abortAfter() async throws {
        #expect(try await hear("open:abort-after=32000", [start, second]).end == .lost)
    }

    @Test("Ready never comes, or nothing after it")
    func silence() async throws {
        #expect(try await hear("open:never-ready", [start, second, eos, .close(1000)]).messages.isEmpty)
        #expect(try await hear("open:silence", [start, .text("{}"), eos, .close(1000)]).types == ["ready"])
    }

    @Test("An error comes instead of ready")
    func errorMessage() async throws {
        let heard = try await hear("open:error-message=no credit", [start])
        #expect(heard.types == ["error"])
        #expect(heard.values.first?["message"]?.string == "no credit")
        #expect(heard.end == .closed(code: 1011, reason: ""))
    }

    @Test("A slow reader loses nothing")
    func slowReader() async throws {
        try await run("open:slow-reader=320000") { simulator in
            let lines = [start] + Array(repeating: second, count: 4) + [eos]
            let heard = try await SimulatorHarness.converse(simulator, lines)
            #expect(heard.end == .closed(code: 1000, reason: ""))
            #expect(simulator.recordings.first?.audioBytes == 128_000)
        }
    }
}
