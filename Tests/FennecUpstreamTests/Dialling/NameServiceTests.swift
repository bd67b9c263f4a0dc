import GatewayCore
import Glibc
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import FennecUpstream

@Suite("The name service", .timeLimit(.minutes(1)))
struct NameServiceTests {
    /// A name service whose look-ups wait for their answer, and whose clock stands still.
    private final class Rig: Sendable {
        private struct State {
            var asked: [String] = []
            var answers: [String: Result<HostAddresses, HostAddresses.Failure>] = [:]
            var now: Duration = .zero
        }

        private let state = Mutex(State())
        let loop = MultiThreadedEventLoopGroup.singleton.next()

        var asked: [String] { state.withLock { $0.asked } }

        func advance(by time: Duration) { state.withLock { $0.now += time } }

        /// What ends the look-ups of a name from now on; `nil` holds them.
        func answer(_ host: String, _ answer: Result<HostAddresses, HostAddresses.Failure>?) {
            state.withLock { $0.answers[host] = answer }
        }

        func service() -> NameService {
            NameService(
                now: { self.state.withLock { $0.now } },
                lookUp: { host throws(HostAddresses.Failure) in
                    self.state.withLock { $0.asked.append(host) }
                    while true {
                        if let answer = self.state.withLock({ $0.answers[host] }) { return try answer.get() }
                        NameServiceTests.pause()
                    }
                })
        }
    }

    private static let first = HostAddresses(literal: "192.0.2.1")
    private static let second = HostAddresses(literal: "192.0.2.2")

    /// What a look-up does while it is held: its thread is there to be blocked.
    private static func pause() {
        var time = timespec(tv_sec: 0, tv_nsec: 1_000_000)
        nanosleep(&time, nil)
    }

    private static func find(_ host: String, _ service: NameService, _ loop: any EventLoop) async throws
        -> HostAddresses
    {
        try await withCheckedThrowingContinuation { continuation in
            _ = service.find(host, on: loop) { continuation.resume(with: $0.mapError { $0 as any Error }) }
        }
    }

    @Test("a crowd on all loops waits for one look-up")
    func crowd() async throws {
        let (rig, first) = (Rig(), try #require(Self.first))
        let service = rig.service()
        try await withThrowingTaskGroup(of: HostAddresses.self) { group in
            for _ in 1...200 {
                let loop = MultiThreadedEventLoopGroup.singleton.next()
                group.addTask { try await Self.find("a.test", service, loop) }
            }
            while rig.asked.isEmpty { await Task.yield() }
            rig.answer("a.test", .success(first))
            for try await addresses in group { #expect(addresses == first) }
        }
        #expect(rig.asked == ["a.test"])
    }

    @Test("an old answer serves when a look-up fails, and when it is slow")
    func old() async throws {
        let (rig, first, second) = (Rig(), try #require(Self.first), try #require(Self.second))
        let service = rig.service()
        rig.answer("a.test", .success(first))
        #expect(try await Self.find("a.test", service, rig.loop) == first)
        rig.answer("a.test", .failure(.init(description: "no")))
        rig.advance(by: NameCache<HostAddresses>.freshness)
        #expect(try await Self.find("a.test", service, rig.loop) == first)
        rig.answer("a.test", nil)
        rig.advance(by: NameCache<HostAddresses>.freshness)
        async let served = Self.find("a.test", service, rig.loop)
        while rig.asked.count < 3 { await Task.yield() }
        rig.advance(by: NameCache<HostAddresses>.patience)
        #expect(try await served == first)
        rig.answer("a.test", .success(second))
        while try await Self.find("a.test", service, rig.loop) != second { await Task.yield() }
        #expect(rig.asked.count == 3)
    }

    @Test("a failure is told in words, to everybody")
    func failure() async throws {
        let rig = Rig()
        let service = rig.service()
        rig.answer("a.test", .failure(.init(description: "no such name")))
        let error = await #expect(throws: HostAddresses.Failure.self) {
            try await Self.find("a.test", service, rig.loop)
        }
        #expect(error?.description == "no such name")
    }

    @Test("who has cancelled hears nothing, and takes the answer from nobody")
    func cancelled() async throws {
        let (rig, first) = (Rig(), try #require(Self.first))
        let service = rig.service()
        let told = Mutex(0)
        let need = service.find("a.test", on: rig.loop) { _ in told.withLock { $0 += 1 } }
        service.cancel(need)
        async let other = Self.find("a.test", service, rig.loop)
        rig.answer("a.test", .success(first))
        #expect(try await other == first)
        #expect(told.withLock { $0 } == 0)
    }

    @Test("a dial gets both families apart, each address with the port, from one look-up")
    func families() async throws {
        let (rig, v4, v6) = (Rig(), try #require(Self.first), try #require(HostAddresses(literal: "2001:db8::1")))
        let service = rig.service()
        rig.answer("a.test", .success(try #require(Self.both(v4, v6))))
        let found = try await rig.loop.flatSubmit {
            let resolver = DialResolver(names: service, loop: rig.loop)
            return resolver.initiateAAAAQuery(host: "a.test", port: 7)
                .and(resolver.initiateAQuery(host: "a.test", port: 7))
        }.get()
        #expect(found.0 == [try SocketAddress(ipAddress: "2001:db8::1", port: 7)])
        #expect(found.1 == [try SocketAddress(ipAddress: "192.0.2.1", port: 7)])
        #expect(rig.asked == ["a.test"])
    }

    private static func both(_ v4: HostAddresses, _ v6: HostAddresses) -> HostAddresses? {
        var both = v4
        both.v6 = v6.v6
        return both
    }

    @Test("an address is looked up nowhere", arguments: ["192.0.2.1", "2001:db8::1"])
    func literal(host: String) async throws {
        let rig = Rig()
        let service = rig.service()
        let found = try await rig.loop.flatSubmit {
            let resolver = DialResolver(names: service, loop: rig.loop)
            return resolver.initiateAAAAQuery(host: host, port: 7).and(resolver.initiateAQuery(host: host, port: 7))
        }.get()
        #expect(found.0 + found.1 == [try SocketAddress(ipAddress: host, port: 7)])
        #expect(rig.asked.isEmpty)
    }

    @Test("a dial that is given up waits no longer")
    func givenUp() async throws {
        let rig = Rig()
        let service = rig.service()
        let query = rig.loop.flatSubmit {
            let resolver = DialResolver(names: service, loop: rig.loop)
            let query = resolver.initiateAAAAQuery(host: "a.test", port: 7)
            resolver.cancelQueries()
            return query
        }
        await #expect(throws: HostAddresses.Failure.self) { try await query.get() }
        rig.answer("a.test", .failure(.init(description: "no")))
    }

    @Test("the system finds both families of a name, and says in words that it knows no such name")
    func system() throws {
        let found = try HostAddresses(of: "localhost")
        #expect(found.v4.contains { $0.ipAddress == "127.0.0.1" } || found.v6.contains { $0.ipAddress == "::1" })
        let error = #expect(throws: HostAddresses.Failure.self) { try HostAddresses(of: "not a name") }
        #expect(error?.description.isEmpty == false)
    }
}
