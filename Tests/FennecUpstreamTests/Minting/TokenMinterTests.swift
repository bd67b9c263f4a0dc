import GatewayCore
import Testing

@testable import FennecUpstream

@Suite("The minter", .timeLimit(.minutes(1)))
struct TokenMinterTests {
    private static let ample: Duration = .seconds(20)

    private func outcome(
        _ script: ScriptedServer.Step, timeout: Duration = ample
    ) async throws -> (outcome: MintOutcome, requests: [ScriptedServer.Request]) {
        let server = try await ScriptedServer.start(script)
        let minter = try TokenMinter.testing(port: server.port)
        let outcome = try await minter.mint(timeout: timeout)
        minter.shutDown()
        try await server.stop()
        return (outcome, server.requests)
    }

    @Test("brings a token and how long it took")
    func success() async throws {
        let (outcome, requests) = try await outcome(.ok(#"{"token":"abc.def","expires_in":60}"#))
        #expect(outcome.tokenText == "abc.def")
        #expect(outcome.label == "ok")
        #expect(requests.count == 1)
        guard case .token(_, let milliseconds) = outcome else { return }
        #expect(milliseconds > 0)
    }

    @Test("sends exactly the request that the vendor documents, with the key in one header")
    func request() async throws {
        let (_, requests) = try await outcome(.ok(#"{"token":"t"}"#))
        let text = try #require(requests.first?.text)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines.first == "POST /streaming-token HTTP/1.1")
        #expect(lines.last == "{}")
        #expect(lines.filter { $0.contains(TokenMinter.testKey) } == ["X-API-Key: \(TokenMinter.testKey)"])
        let names = lines.dropFirst().compactMap { line in line.split(separator: ":").first?.lowercased() }
        #expect(
            Set(names.filter { $0 != "{}" })
                == ["host", "user-agent", "x-api-key", "content-type", "accept", "content-length"])
        #expect(lines.contains("Content-Type: application/json") && lines.contains("Accept: application/json"))
    }

    @Test("uses a connection again")
    func reuse() async throws {
        let server = try await ScriptedServer.start(.ok(#"{"token":"t"}"#))
        let minter = try TokenMinter.testing(port: server.port)
        for _ in 1...5 { #expect(try await minter.mint(timeout: Self.ample).tokenText == "t") }
        #expect(server.requests.map(\.connection) == [1, 1, 1, 1, 1])
        minter.shutDown()
        try await server.stop()
    }

    @Test("serves many callers at once, each once")
    func concurrency() async throws {
        let server = try await ScriptedServer.start(.ok(#"{"token":"t"}"#))
        let minter = try TokenMinter.testing(port: server.port)
        let served = await withTaskGroup(of: Bool.self) { group in
            for _ in 1...100 { group.addTask { (try? await minter.mint(timeout: Self.ample))?.tokenText == "t" } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(served == 100)
        #expect(server.requests.count == 100)
        #expect(Set(server.requests.map(\.connection)).count <= 64)
        minter.shutDown()
        try await server.stop()
    }

    @Test(
        "tells the classes of answers apart, without asking twice",
        arguments: [
            (.ok("{}"), .noToken),
            (.ok(#"{"token":""}"#), .noToken),
            (.ok(#"{"token":7}"#), .noToken),
            (.ok("[]"), .noToken),
            (.ok(""), .notJSON),
            (.ok("<html>"), .notJSON),
            (.ok(#"{"token":"a","token":"b"}"#), .notJSON),
            (.ok("{}", status: "401 Unauthorized"), .unauthorized(status: 401)),
            (.ok("{}", status: "403 Forbidden"), .unauthorized(status: 403)),
            (.ok("{}", status: "404 Not Found"), .unexpectedStatus(404)),
            (.ok("{}", status: "302 Found", headers: "Location: http://127.0.0.1:1/\r\n"), .unexpectedStatus(302)),
            (.ok("{}", status: "429 Slow"), .rateLimited(retryAfter: nil)),
            (.ok("{}", status: "429 Slow", headers: "Retry-After: 7\r\n"), .rateLimited(retryAfter: .seconds(7))),
            (
                .ok("{}", status: "429 Slow", headers: "Retry-After: Wed, 01 Jan 2070 00:00:00 GMT\r\n"),
                .rateLimited(retryAfter: .seconds(3600))
            ),
            (
                .ok("{}", status: "429 Slow", headers: "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
                .rateLimited(retryAfter: nil)
            ),
            (.ok(String(repeating: " ", count: 70_000)), .bodyTooLarge),
            (
                .ok("{}", headers: String(repeating: "X-A: \(String(repeating: "a", count: 500))\r\n", count: 200)),
                .bodyTooLarge
            ),
        ] as [(ScriptedServer.Step, MintFailure)])
    func classes(step: ScriptedServer.Step, expected: MintFailure) async throws {
        let (outcome, requests) = try await outcome(step)
        #expect(outcome.failure == expected)
        #expect(requests.count == 1)
        #expect(!expected.isRetryable)
    }

    @Test("asks once, whatever comes of it")
    func serverError() async throws {
        let (outcome, requests) = try await outcome(.ok("{}", status: "503 Busy"))
        #expect(outcome.failure == .serverError(status: 503))
        #expect(requests.count == 1)
    }

    @Test(
        "is told in words that the endpoint could not be reached",
        arguments: [
            .reset, .answerAndClose(""), .answerAndClose("SSH-2.0-nonsense\r\n"),
            .answerAndClose("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"token\":"),
        ] as [ScriptedServer.Step])
    func unreachable(step: ScriptedServer.Step) async throws {
        let failure = try await outcome(step).outcome.failure
        #expect(failure?.label == "unreachable")
        #expect("\(failure, default: "")".utf8.allSatisfy { (0x20...0x7E).contains($0) })
    }

    @Test("finds nobody at a closed port")
    func refused() async throws {
        let server = try await ScriptedServer.start(.silence)
        let port = server.port
        try await server.stop()
        let minter = try TokenMinter.testing(port: port)
        #expect(try await minter.mint(timeout: Self.ample).failure?.label == "unreachable")
    }

    @Test(
        "gives up at the time-out, however slowly the answer comes",
        arguments: [.silence, .drip] as [ScriptedServer.Step])
    func slow(step: ScriptedServer.Step) async throws {
        let began = ContinuousClock.now
        let (outcome, requests) = try await outcome(step, timeout: .milliseconds(300))
        #expect(outcome.failure == .timedOut)
        #expect(requests.count == 1)
        #expect(began.duration(to: .now) >= .milliseconds(300))
    }

    @Test("asks for nothing when there is no time")
    func noTime() async throws {
        let (outcome, requests) = try await outcome(.ok("{}"), timeout: .zero)
        #expect(outcome.failure == .timedOut)
        #expect(requests.isEmpty)
    }

    @Test("carries the key that it is given")
    func rotation() async throws {
        let server = try await ScriptedServer.start(.ok(#"{"token":"t"}"#))
        let minter = try TokenMinter.testing(port: server.port)
        _ = try await minter.mint(timeout: Self.ample)
        _ = await minter.mint(with: try TokenMinter.key("zq-second-key"), timeout: Self.ample)
        #expect(server.requests.map { $0.text.contains("X-API-Key: zq-second-key\r\n") } == [false, true])
        minter.shutDown()
        try await server.stop()
    }

    @Test("ends a request whose task is cancelled")
    func cancellation() async throws {
        let server = try await ScriptedServer.start(.silence)
        let minter = try TokenMinter.testing(port: server.port)
        let task = Task { try await minter.mint(timeout: Self.ample) }
        try await server.waitForRequest()
        task.cancel()
        #expect(try await task.value.failure == .cancelled)
        try await server.stop()
    }

    @Test("cancels what is open when it is shut down, and everything that comes after")
    func shutDown() async throws {
        let server = try await ScriptedServer.start(.silence)
        let minter = try TokenMinter.testing(port: server.port)
        async let open = minter.mint(timeout: Self.ample)
        try await server.waitForRequest()
        minter.shutDown()
        #expect(try await open.failure == .cancelled)
        #expect(try await minter.mint(timeout: Self.ample).failure == .cancelled)
        try await server.stop()
    }

    @Test("its thread answers beside an open request, and nobody waits for it once it is shut down")
    func hear() async throws {
        let server = try await ScriptedServer.start(.silence)
        let minter = try TokenMinter.testing(port: server.port)
        async let open = minter.mint(timeout: Self.ample)
        try await server.waitForRequest()
        await minter.hear()
        minter.shutDown()
        await minter.hear()
        #expect(try await open.failure == .cancelled)
        try await server.stop()
    }
}
