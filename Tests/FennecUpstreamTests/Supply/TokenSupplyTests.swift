import GatewayCore
import Synchronization
import Testing

@testable import FennecUpstream

@Suite("The token supply", .timeLimit(.minutes(1)))
struct TokenSupplyTests {
    private static let onDemand = TokenPoolSettings(floor: 0, ceiling: 0)

    private static func tokens(_ count: Int) -> [ScriptedServer.Step] {
        (1...count).map { .ok(#"{"token":"t\#($0)"}"#) }
    }

    @Test("mints on demand, and tells how long the token took")
    func onDemand() async throws {
        let rig = try await SupplyRig(Self.onDemand, .ok(#"{"token":"t"}"#))
        let result = await rig.take()
        #expect(result.text == "t")
        #expect(try result.get().milliseconds > 0)
        try await rig.wait { $0.misses == 1 }
        #expect(rig.observer.record.hits == 0 && rig.observer.record.outcomes == ["ok"])
        try await rig.stop()
    }

    @Test("has tokens ready once it is started, and gives each away once")
    func ready() async throws {
        let rig = try await SupplyRig(
            TokenPoolSettings(floor: 3, ceiling: 3), Self.tokens(50))
        rig.supply.start()
        try await rig.wait { $0.size == 3 }
        #expect(rig.server.requests.count == 3)
        var seen: Set<String> = []
        for _ in 1...12 { seen.insert(try #require(await rig.take().text)) }
        #expect(seen.count == 12)
        try await rig.wait { $0.hits + $0.misses == 12 }
        #expect(rig.observer.record.hits >= 3)
        try await rig.stop()
    }

    @Test("serves a crowd of needs from all threads, each with a token of its own")
    func crowd() async throws {
        let rig = try await SupplyRig(
            TokenPoolSettings(floor: 1, ceiling: 8), Self.tokens(300))
        let texts = await withTaskGroup(of: String?.self) { group in
            for _ in 1...200 { group.addTask { await rig.take().text } }
            return await group.reduce(into: [String?]()) { $0.append($1) }
        }
        #expect(Set(texts.compactMap { $0 }).count == 200)
        try await rig.stop()
    }

    @Test(
        "gets over one failure of the server or the network",
        arguments: [
            .ok("{}", status: "500 Oops"), .reset, .answerAndClose("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
        ]
            as [ScriptedServer.Step])
    func recovery(first: ScriptedServer.Step) async throws {
        let rig = try await SupplyRig(Self.onDemand, first, .ok(#"{"token":"t"}"#))
        #expect(await rig.take().text == "t")
        #expect(rig.server.requests.count == 2)
        try await rig.stop()
    }

    @Test("gives up after the third failure")
    func giveUp() async throws {
        let rig = try await SupplyRig(Self.onDemand, .ok("{}", status: "503 Busy"))
        #expect(await rig.take().failure == .mint(.serverError(status: 503)))
        #expect(rig.server.requests.count == 3)
        try await rig.stop()
    }

    @Test(
        "turns to the next key when one is refused, for the very same need",
        arguments: ["401 No", "403 No", "429 Slow"])
    func failover(status: String) async throws {
        let rig = try await SupplyRig(
            Self.onDemand, keys: ["zq-first-key", "zq-second-key"], .ok("{}", status: status),
            .ok(#"{"token":"t"}"#))
        #expect(await rig.take().text == "t")
        #expect(
            rig.server.requests.map { $0.text.contains("X-API-Key: zq-second-key\r\n") } == [false, true])
        #expect(rig.observer.record.notices.count == 1)
        #expect(!rig.supply.isRefused)
        try await rig.stop()
    }

    @Test("is refused when every key is, until keys are replaced")
    func replacement() async throws {
        let rig = try await SupplyRig(
            Self.onDemand, keys: ["zq-first-key"], .ok("{}", status: "401 No"), .ok(#"{"token":"t"}"#))
        #expect(await rig.take().failure == .mint(.unauthorized(status: 401)))
        #expect(rig.supply.isRefused)
        rig.supply.replaceKeys(APIKeys([try TokenMinter.key("zq-second-key")]))
        #expect(!rig.supply.isRefused)
        #expect(await rig.take().text == "t")
        #expect(rig.server.requests.last?.text.contains("X-API-Key: zq-second-key\r\n") == true)
        try await rig.stop()
    }

    @Test("fails a need at its deadline")
    func deadline() async throws {
        let rig = try await SupplyRig(Self.onDemand, .silence)
        let failure = await rig.take(within: .milliseconds(200)).failure
        #expect(failure == .timedOut || failure == .mint(.timedOut))
        try await rig.stop()
    }

    @Test("says nothing more to a need that was given up, and gives its mint up")
    func cancellation() async throws {
        let rig = try await SupplyRig(Self.onDemand, .silence)
        let calls = Mutex(0)
        let need = rig.supply.take(within: .seconds(10)) { _ in calls.withLock { $0 += 1 } }
        try await rig.server.waitForRequest()
        rig.supply.cancel(need)
        try await rig.wait { $0.outcomes == ["cancelled"] }
        #expect(calls.withLock { $0 } == 0)
        try await rig.stop()
    }

    @Test("drops what is too old and mints anew")
    func renewal() async throws {
        let rig = try await SupplyRig(
            TokenPoolSettings(floor: 1, ceiling: 1, maxAge: .milliseconds(100)), Self.tokens(5))
        rig.supply.start()
        try await rig.wait { $0.expired >= 2 && $0.size == 1 }
        #expect(rig.server.requests.count >= 3)
        try await rig.stop()
    }

    @Test("keeps to its times when the clock goes on while an event is handled")
    func alarm() async throws {
        let time = Mutex(Duration.zero)
        let observer = RecordingObserver { size in
            // The token that has just come is too old by the next reading.
            if size == 1 { time.withLock { $0 = .seconds(1) } }
        }
        let rig = try await SupplyRig(
            TokenPoolSettings(floor: 1, ceiling: 1, maxAge: .milliseconds(100)), Self.tokens(5), observer: observer,
            now: { time.withLock { $0 } })
        rig.supply.start()
        try await rig.wait { $0.expired >= 1 && $0.outcomes.count >= 2 }
        try await rig.stop()
    }

    @Test("loses no need while keys are replaced again and again")
    func replacements() async throws {
        let rig = try await SupplyRig(
            TokenPoolSettings(floor: 1, ceiling: 8), keys: ["zq-first-key"], Self.tokens(500))
        let few = APIKeys([try TokenMinter.key("zq-first-key")])
        let many = APIKeys(
            try ["zq-first-key", "zq-second-key", "zq-third-key"].map(TokenMinter.key), weights: [1, 9, 9])
        let replacing = Task {
            while !Task.isCancelled {
                for keys in [many, few] { rig.supply.replaceKeys(keys) }
                await Task.yield()
            }
        }
        let texts = await withTaskGroup(of: String?.self) { group in
            for _ in 1...300 { group.addTask { await rig.take().text } }
            return await group.reduce(into: [String?]()) { $0.append($1) }
        }
        replacing.cancel()
        await replacing.value
        #expect(Set(texts.compactMap { $0 }).count == 300)
        try await rig.stop()
    }

    @Test("ends every need when it is shut down, and turns new ones away")
    func shutDown() async throws {
        let rig = try await SupplyRig(Self.onDemand, .silence)
        async let open = rig.take()
        try await rig.server.waitForRequest()
        rig.supply.shutDown()
        #expect(await open.failure == .closed)
        #expect(await rig.take().failure == .closed)
        #expect(rig.supply.obstacle() == .closed)
        try await rig.server.stop()
    }
}
