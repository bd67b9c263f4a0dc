import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import GatewayWire

@Suite("A dial", .timeLimit(.minutes(1)))
struct WebSocketDialTests {
    /// Hears nothing.
    private final class Owner: WebSocketOwner {
        func received(text: ByteBuffer, on leg: WebSocketLeg) {}
        func received(binary: ByteBuffer, on leg: WebSocketLeg) {}
        func ended(_ end: WebSocketEnd, on leg: WebSocketLeg) {}
    }

    /// A server that takes one connection and says nothing.
    private struct SilentServer {
        let channel: any Channel
        let accepted: EventLoopPromise<any Channel>

        static func start() async throws -> SilentServer {
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            let accepted = loop.makePromise(of: (any Channel).self)
            let channel = try await ServerBootstrap(group: loop)
                .childChannelInitializer { channel in
                    accepted.succeed(channel)
                    return channel.eventLoop.makeSucceededVoidFuture()
                }
                .bind(host: "127.0.0.1", port: 0).get()
            return SilentServer(channel: channel, accepted: accepted)
        }

        func stop() async throws {
            try await channel.close()
            accepted.fail(ChannelError.alreadyClosed)
        }
    }

    @Test("that is given up in its handshake fails, and closes its connection")
    func handshake() async throws {
        let server = try await SilentServer.start()
        let port = try #require(server.channel.localAddress?.port)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let (dial, leg) = try await loop.submit {
            let dial = WebSocketClient.connect(
                to: .init(host: "127.0.0.1", port: port, pathAndQuery: "/"), on: loop, timeout: .hours(1),
                owner: Owner())
            return (NIOLoopBound(dial, eventLoop: loop), dial.leg.map { _ in })
        }.get()
        let connection = try await server.accepted.futureResult.get()
        try await loop.submit { dial.value.cancel() }.get()
        await #expect(throws: WebSocketClient.Failure.self) { try await leg.get() }
        try await connection.closeFuture.get()
        try await server.stop()
    }

    @Test("that is given up before it connects connects no more, and can be given up twice")
    func atOnce() async throws {
        let server = try await SilentServer.start()
        let port = try #require(server.channel.localAddress?.port)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let steps = Mutex<[DialClock.Step]>([])
        let leg = loop.flatSubmit {
            let clock = DialClock { step, _ in steps.withLock { $0.append(step) } }
            let dial = WebSocketClient.connect(
                to: .init(host: "127.0.0.1", port: port, pathAndQuery: "/"), on: loop, timeout: .hours(1),
                owner: Owner(), clock: clock)
            dial.cancel()
            dial.cancel()
            return dial.leg.map { _ in }
        }
        await #expect(throws: WebSocketClient.Failure.self) { try await leg.get() }
        #expect(steps.withLock { $0 }.isEmpty)
        try await server.stop()
    }
}
