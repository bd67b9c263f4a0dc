import NIOCore
import NIOHTTP1
import Testing

@testable import GatewayWire

/// Bounds of size and time, on real sockets.
@Suite(.timeLimit(.minutes(1)))
struct HTTPBoundsTests {
    private static func connect(_ server: HTTPServer, greeting: String? = nil) async throws -> RawConnection {
        try await RawConnection.connect(to: server.localAddress, greeting: greeting)
    }

    private static let start = "GET /a HTTP/1.1\r\nHost: h\r\n"

    private static let heads: [String: (String, Bool)] = [
        "one field below the bound": (start + "X: \(String(repeating: "y", count: 16_000))\r\n\r\n", true),
        "one field above it": (start + "X: \(String(repeating: "y", count: 17_000))\r\n\r\n", false),
        "many fields above it": (
            start + (0..<200).map { "X\($0): \(String(repeating: "y", count: 90))\r\n" }.joined(), false
        ),
        "a long target": ("GET /\(String(repeating: "y", count: 17_000)) HTTP/1.1\r\nHost: h\r\n\r\n", false),
        "a target that never ends": ("GET /" + String(repeating: "y", count: 300_000), false),
        "a field that never ends": (start + "X: " + String(repeating: "y", count: 300_000), false),
        "empty lines that never end": (String(repeating: "\r\n", count: 100_000), false),
        "target and field together": (
            "GET /\(String(repeating: "y", count: 9000)) HTTP/1.1\r\nHost: h\r\nX: "
                + String(repeating: "y", count: 9000) + "\r\n\r\n", false
        ),
    ]

    @Test("A head above 16 KiB in all is answered with 431, and the connection closed", arguments: heads.keys.sorted())
    func headSizes(name: String) async throws {
        let (request, isFine) = try #require(Self.heads[name])
        try await withServer { server in
            for isFirst in [true, false] {
                let connection = try await Self.connect(server)
                if !isFirst {
                    try await connection.send(Self.start + "\r\n")
                    _ = try await connection.head()
                    _ = try await connection.bytes(6)
                }
                try await connection.send(request)
                let head = try await connection.head()
                #expect(head.hasPrefix(isFine ? "HTTP/1.1 200 " : "HTTP/1.1 431 "))
                #expect(head.contains("Connection: close") == !isFine)
                if !isFine { _ = await connection.rest() }
                try? await connection.channel.close().get()
            }
        }
    }

    private static let bodies: [String: (String, Int)] = [
        "a length at the bound": ("Content-Length: 1000\r\n\r\n" + String(repeating: "y", count: 1000), 200),
        "a length above it": ("Content-Length: 1001\r\n\r\n", 413),
        "chunks at the bound": (
            "Transfer-Encoding: chunked\r\n\r\n3e8\r\n\(String(repeating: "y", count: 1000))\r\n0\r\n\r\n", 200
        ),
        "chunks above it": (
            "Transfer-Encoding: chunked\r\n\r\n3e8\r\n\(String(repeating: "y", count: 1000))\r\n1\r\ny\r\n", 413
        ),
        "a chunk above it": ("Transfer-Encoding: chunked\r\n\r\nffff\r\n\(String(repeating: "y", count: 1001))", 413),
        "another coding": ("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    ]

    @Test("A body above its bound is answered with 413", arguments: bodies.keys.sorted())
    func bodySizes(name: String) async throws {
        let (rest, status) = try #require(Self.bodies[name])
        try await withServer(configuration: .with { $0.maxBodyBytes = 1000 }) { server in
            let connection = try await Self.connect(server)
            try await connection.send("POST /a HTTP/1.1\r\nHost: h\r\n" + rest)
            #expect(try await connection.head().hasPrefix("HTTP/1.1 \(status) "))
            if status != 200 { _ = await connection.rest() }
            try? await connection.channel.close().get()
        }
    }

    @Test("413 reaches a client that is still sending, without a reset")
    func lingering() async throws {
        try await withServer { server in
            let connection = try await Self.connect(server)
            try await connection.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 8000000\r\n\r\n")
            for _ in 0..<80 { try await connection.send([UInt8](repeating: 0, count: 100_000)) }
            #expect(await connection.restAsText().hasPrefix("HTTP/1.1 413 "))
            #expect(await connection.ending() == .endOfStream)
        }
    }

    @Test("Expect: 100-continue is answered before the body, and only when one will be taken")
    func expectations() async throws {
        try await withServer { server in
            let start = "POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\n"
            let connection = try await Self.connect(server)
            try await connection.send(start + "Content-Length: 3\r\n\r\n")
            #expect(try await connection.head() == "HTTP/1.1 100 Continue\r\n\r\n")
            try await connection.send("abc" + start + "\r\n")
            #expect(try await connection.head().hasPrefix("HTTP/1.1 200 "))
            _ = try await connection.bytes(7)
            #expect(try await connection.head().hasPrefix("HTTP/1.1 200 "))
            _ = try await connection.bytes(7)
            try await connection.send(start + "Content-Length: 99999999\r\n\r\n")
            #expect(try await connection.head().hasPrefix("HTTP/1.1 413 "))
            _ = await connection.rest()
            let other = try await Self.connect(server)
            try await other.send("POST /a HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\n\r\n")
            #expect(try await other.head().hasPrefix("HTTP/1.1 417 "))
            _ = await other.rest()
        }
    }

    @Test(
        "A request that trickles in is answered with 408 in time, the first and a later one", arguments: [true, false])
    func slowRequests(isFirst: Bool) async throws {
        let configuration = HTTPServer.Configuration.with {
            $0.headTimeout = .milliseconds(300)
            $0.maxHeadBytes = 1 << 30
        }
        try await withServer(configuration: configuration) { server in
            let connection = try await Self.connect(server, greeting: Self.start + (isFirst ? "" : "\r\n"))
            if !isFirst {
                _ = try await connection.head()
                _ = try await connection.bytes(6)
            }
            let writer = Task {
                if !isFirst { try await connection.send(Self.start) }
                while !Task.isCancelled { try await connection.send("x") }
            }
            #expect(try await connection.head().hasPrefix("HTTP/1.1 408 "))
            writer.cancel()
            _ = await connection.rest()
        }
    }

    private static let hasty = HTTPServer.Configuration.with {
        $0.headTimeout = .seconds(1)
        $0.keepAliveTimeout = .milliseconds(300)
    }

    @Test("A connection without a request is closed without a word, before the first one and after one")
    func idle() async throws {
        try await withServer(configuration: Self.hasty) { server in
            let silent = try await Self.connect(server)
            #expect(await silent.rest().isEmpty)
            let idle = try await Self.connect(server, greeting: Self.start + "\r\n")
            _ = try await idle.head()
            #expect(await idle.restAsText() == "GET /a")
        }
    }

    @Test("A WebSocket is bound by no timer of HTTP")
    func noTimerBehindUpgrade() async throws {
        try await withServer(configuration: Self.hasty) { server in
            let connection = try await Self.connect(server, greeting: handshake())
            #expect(try await connection.head().hasPrefix("HTTP/1.1 101 "))
            let other = try await Self.connect(server)
            #expect(await other.rest().isEmpty, "the head timer has fired")
            try await connection.send([0x81, 0x81, 0, 0, 0, 0, 0x61])
            #expect(try await connection.bytes(3) == [0x81, 1, 0x61])
            try await connection.channel.close().get()
        }
    }

    @Test("What the server refuses by itself has the routes' form")
    func form() async throws {
        try await withServer(FormRoutes()) { server in
            for (request, status) in [
                ("nonsense\r\n\r\n", 400), (handshake(replacing: ["Sec-WebSocket-Version": "8"]), 426),
            ] {
                let connection = try await Self.connect(server)
                try await connection.send(request)
                let answer = await connection.restAsText()
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
                #expect(answer.contains("\r\nContent-Type: application/problem+json\r\n"))
                #expect(answer.contains("\r\nSec-WebSocket-Version: 13\r\n") == (status == 426))
            }
        }
    }
}

/// Routes with a form of their own.
private final class FormRoutes: HTTPRoutes {
    func answer(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer { .hangUp }

    func malformed(_ status: HTTPResponseStatus, words: String) -> HTTPReply {
        HTTPReply(status: status, type: "application/problem+json", text: "{}")
    }
}
