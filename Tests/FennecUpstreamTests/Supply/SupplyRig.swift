import GatewayCore
import NIOPosix

@testable import FennecUpstream

/// A token supply before a scripted server.
struct SupplyRig {
    let server: ScriptedServer
    let supply: TokenSupply
    let observer: RecordingObserver

    init(
        _ pool: TokenPoolSettings, keys: [String] = [TokenMinter.testKey], _ script: [ScriptedServer.Step],
        observer: RecordingObserver = RecordingObserver(), now: @escaping @Sendable () -> Duration = SteadyClock.begin()
    ) async throws {
        self.observer = observer
        server = try await ScriptedServer.start(script)
        supply = TokenSupply(
            settings: pool, keys: APIKeys(try keys.map(TokenMinter.key)),
            minter: try TokenMinter.testing(port: server.port), mintTimeout: .seconds(10),
            loop: MultiThreadedEventLoopGroup.singleton.next(), observer: observer, now: now)
    }

    init(_ pool: TokenPoolSettings, keys: [String] = [TokenMinter.testKey], _ script: ScriptedServer.Step...)
        async throws
    {
        try await self.init(pool, keys: keys, script)
    }

    /// Takes one token.
    func take(within time: Duration = .seconds(10)) async -> Result<TokenSupply.Delivery, TokenNeedFailure> {
        await withCheckedContinuation { continuation in
            _ = supply.take(within: time) { continuation.resume(returning: $0) }
        }
    }

    func stop() async throws {
        supply.shutDown()
        try await server.stop()
    }

    /// Waits until the observer has been told so.
    func wait(until holds: (RecordingObserver.Record) -> Bool) async throws {
        while !holds(observer.record) { try await Task.sleep(for: .milliseconds(2)) }
    }
}

extension Result<TokenSupply.Delivery, TokenNeedFailure> {
    var text: String? { (try? get())?.token.withValue { $0 } }
    var failure: TokenNeedFailure? { if case .failure(let failure) = self { failure } else { nil } }
}
