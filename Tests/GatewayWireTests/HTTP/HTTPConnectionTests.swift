import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOPosix
import Testing

@testable import GatewayWire

/// The life of a connection, on real sockets.
@Suite(.timeLimit(.minutes(1)))
struct HTTPConnectionTests {
    private static func connect(_ server: HTTPServer) async throws -> RawConnection {
        try await RawConnection.connect(to: server.localAddress)
    }

    /// The next reply with a length: its head and body.
    private static func reply(_ connection: RawConnection) async throws -> (head: String, body: String) {
        let head = try await connection.head()
        let field = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
        let length = field.flatMap { Int($0.dropFirst(16)) } ?? 0
        return (head, String(decoding: try await connection.bytes(length), as: UTF8.self))
    }

    @Test("Pipelined requests are answered in order, also behind an answer that takes its time")
    func pipelining() async throws {
        let promises = Mailbox<EventLoopPromise<HTTPAnswer>>()
        let routes = TestRoutes { request, loop in
            guard request.path == "/slow" else {
                return .reply(HTTPReply(status: .ok, type: "t/t", text: request.path))
            }
            let promise = loop.makePromise(of: HTTPAnswer.self)
            promises.put(promise)
            return .later(promise.futureResult)
        }
        try await withServer(routes) { server in
            let connection = try await Self.connect(server)
            // Thousands, since each must not take a stack frame of its own.
            let paths = ["/first", "/slow"] + (0..<3000).map { "/\($0)" } + ["/slow", "/last"]
            let requests = paths.map { "GET \($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined()
            async let sent: Void = connection.send(requests)
            for path in paths {
                if path == "/slow" {
                    let promise = try #require(await promises.next())
                    promise.succeed(.reply(HTTPReply(status: .ok, type: "t/t", text: path)))
                }
                #expect(try await Self.reply(connection).body == path)
            }
            try await sent
            try await connection.channel.close().get()
        }
    }

    @Test("A malformed request behind a good one is answered behind it")
    func orderOfFaults() async throws {
        let promises = Mailbox<EventLoopPromise<HTTPAnswer>>()
        let routes = TestRoutes { _, loop in
            let promise = loop.makePromise(of: HTTPAnswer.self)
            promises.put(promise)
            return .later(promise.futureResult)
        }
        try await withServer(routes) { server in
            let connection = try await Self.connect(server)
            try await connection.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n\r\n")
            try #require(await promises.next()).succeed(.reply(HTTPReply(status: .ok)))
            #expect(try await connection.head().hasPrefix("HTTP/1.1 200 "))
            #expect(try await connection.head().hasPrefix("HTTP/1.1 400 "))
            _ = await connection.rest()
        }
    }

    @Test("A client that takes no answers is not read any further")
    func answersNotTaken() throws {
        let channel = EmbeddedChannel()
        let reads = ReadCounter()
        let codec = HTTPCodec(maxHeadBytes: 1000)
        let connection = HTTPConnection(
            routes: TestRoutes.describing(), configuration: HTTPServer.Configuration(), codec: codec,
            newcomer: Newcomer(among: Counted()))
        try channel.pipeline.syncOperations.addHandlers([reads, codec.watch, codec.decoder, codec.encoder, connection])
        channel.read()
        #expect(reads.count == 1)
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        channel.read()
        #expect(reads.count == 1)
        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
        #expect(reads.count == 2)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    private static func embedded(_ routes: TestRoutes, before others: [any ChannelHandler] = []) throws
        -> EmbeddedChannel
    {
        let channel = EmbeddedChannel()
        let codec = HTTPCodec(maxHeadBytes: 1000)
        let connection = HTTPConnection(
            routes: routes, configuration: HTTPServer.Configuration(), codec: codec,
            newcomer: Newcomer(among: Counted()))
        try channel.pipeline.syncOperations.addHandlers(
            others + [codec.watch, codec.decoder, codec.encoder, connection])
        channel.pipeline.fireChannelActive()
        return channel
    }

    private static func answers(of channel: EmbeddedChannel) throws -> Int {
        var text = ""
        while let piece = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: piece) }
        return text.split(separator: "HTTP/1.1 200 ").count
    }

    @Test("Requests wait while the client takes no answers")
    func requestsWait() throws {
        let channel = try Self.embedded(TestRoutes.describing())
        channel.isWritable = false
        try channel.writeInbound(ByteBuffer(string: "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"))
        #expect(try Self.answers(of: channel) == 0)
        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
        #expect(try Self.answers(of: channel) == 1)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test("A client that is found gone while it is let in opens no WebSocket, and is not asked further")
    func goneWhileLetIn() async throws {
        let opened = Mailbox<Bool>()
        let routes = TestRoutes { request, _ in
            guard request.isWebSocketHandshake else { return .reply(HTTPReply(status: .ok)) }
            return .upgrade(
                WebSocketAcceptance { leg in
                    leg.owner = EchoOwner()
                    opened.put(true)
                })
        }
        let channel = try Self.embedded(routes, before: [ClosingOnFlush()])
        try channel.writeInbound(ByteBuffer(string: handshake() + "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"))
        channel.embeddedEventLoop.run()
        opened.close()
        #expect(await opened.rest().isEmpty)
        #expect(!channel.isActive)
    }

    @Test("An upgrade may follow other requests, with frames in the same packet")
    func upgradeOnKeptAlive() async throws {
        let frame: [UInt8] = [0x81, 0x82, 0, 0, 0, 0] + Array("hi".utf8)
        try await withServer { server in
            let connection = try await Self.connect(server)
            try await connection.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await Self.reply(connection).body == "GET /a")
            let requests = "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" + handshake()
            try await connection.send(Array(requests.utf8) + frame + frame)
            #expect(try await Self.reply(connection).body == "POST /b")
            #expect(try await connection.head().hasPrefix("HTTP/1.1 101 "))
            #expect(try await connection.bytes(8) == [0x81, 2] + Array("hi".utf8) + [0x81, 2] + Array("hi".utf8))
            try await connection.channel.close().get()
        }
    }

    @Test("A handshake and its frames may come byte by byte")
    func byteByByte() async throws {
        try await withServer { server in
            let connection = try await Self.connect(server)
            for byte in Array(handshake().utf8) + [0x82, 0x83, 1, 2, 3, 4, 1, 2, 3] {
                try await connection.send([byte])
            }
            #expect(try await connection.head().hasPrefix("HTTP/1.1 101 "))
            #expect(try await connection.bytes(5) == [0x82, 3, 0, 0, 0])
            try await connection.channel.close().get()
        }
    }

    @Test("An upgrade that is decided later keeps what came meanwhile")
    func laterUpgrade() async throws {
        let promises = Mailbox<EventLoopPromise<HTTPAnswer>>()
        let routes = TestRoutes { _, loop in
            let promise = loop.makePromise(of: HTTPAnswer.self)
            promises.put(promise)
            return .later(promise.futureResult)
        }
        try await withServer(routes) { server in
            let connection = try await Self.connect(server)
            try await connection.send(Array(handshake().utf8) + [0x81, 0x81, 0, 0, 0, 0, 0x61])
            let promise = try #require(await promises.next())
            try await connection.send([0x81, 0x81, 0, 0, 0, 0, 0x62])
            promise.succeed(.upgrade(WebSocketAcceptance(subprotocol: "a.b") { $0.owner = EchoOwner() }))
            #expect(try await connection.head().contains("\r\nSec-WebSocket-Protocol: a.b\r\n"))
            #expect(try await connection.bytes(6) == [0x81, 1, 0x61, 0x81, 1, 0x62])
            try await connection.channel.close().get()
        }
    }

    @Test("A failed answer and an upgrade of no handshake are answered with 500", arguments: [true, false])
    func unanswered(isLater: Bool) async throws {
        let routes = TestRoutes { _, loop in
            isLater ? .later(loop.makeFailedFuture(ChannelError.eof)) : .upgrade(WebSocketAcceptance { _ in })
        }
        try await withServer(routes) { server in
            let connection = try await Self.connect(server)
            try await connection.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(await connection.restAsText().hasPrefix("HTTP/1.1 500 "))
        }
    }

    @Test("A route may hang up without a word")
    func hangUp() async throws {
        try await withServer(TestRoutes { _, _ in .hangUp }) { server in
            let connection = try await Self.connect(server)
            try await connection.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(await connection.rest().isEmpty)
        }
    }

    @Test("Connection: close ends the connection after the answer, HEAD has no body and its length")
    func closing() async throws {
        try await withServer { server in
            let connection = try await Self.connect(server)
            try await connection.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n")
            try await connection.send("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            #expect(try await connection.head().contains("\r\nContent-Length: 7\r\n"))
            let (head, body) = try await Self.reply(connection)
            #expect(head.contains("\r\nConnection: close\r\n"))
            #expect(body == "GET /a")
            #expect(await connection.rest().isEmpty)
            #expect(await connection.ending() == .endOfStream)
        }
    }

    @Test("Stopping leaves connections alone; shutting down ends them")
    func shutdown() async throws {
        // An address of its own: a port of 127.0.0.1 may be another test's as soon as it is free.
        try await withServer(host: "127.7.7.7") { server in
            let connection = try await Self.connect(server)
            try await connection.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await Self.reply(connection).body == "GET /a")
            await server.stopAccepting()
            try await connection.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await Self.reply(connection).body == "GET /a")
            await #expect(throws: (any Error).self) { try await Self.connect(server) }
            await server.shutdown()
            #expect(await connection.rest().isEmpty)
        }
    }
}
