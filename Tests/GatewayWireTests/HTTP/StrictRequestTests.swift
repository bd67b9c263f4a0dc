import NIOCore
import NIOHTTP1
import Testing

@testable import GatewayWire

/// Requests through a real socket, judged by RFC 9112 and RFC 6455 §4.2.1.
@Suite(.timeLimit(.minutes(1)))
struct StrictRequestTests {

    /// The status that answers a request, and whether the connection ended with it.
    private static func answer(to request: String) async throws -> (status: Int, head: String, rest: String) {
        try await withServer { server in
            let connection = try await RawConnection.connect(to: server.localAddress)
            try await connection.send(request)
            let head = try await connection.head()
            let status = Int(head.split(separator: " ")[1]) ?? 0
            if head.contains("Connection: close") { return (status, head, await connection.restAsText()) }
            try await connection.channel.close().get()
            return (status, head, "")
        }
    }

    @Test(
        "What breaks the rules is answered with 400, and the connection closed",
        arguments: RequestTables.malformed.keys.sorted())
    func malformed(name: String) async throws {
        let (status, head, _) = try await Self.answer(to: #require(RequestTables.malformed[name]))
        #expect(status == 400)
        #expect(head.contains("\r\nConnection: close\r\n"))
        #expect(head.contains("\r\nDate: "))
    }

    @Test("What keeps the rules is answered", arguments: RequestTables.fine.keys.sorted())
    func fine(name: String) async throws {
        let (request, text) = try #require(RequestTables.fine[name])
        try await withServer { server in
            let connection = try await RawConnection.connect(to: server.localAddress)
            try await connection.send(request)
            #expect(try await connection.head().hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(try await connection.bytes(text.utf8.count) == Array(text.utf8))
            try await connection.channel.close().get()
        }
    }

    @Test("The absolute form's authority stands for Host")
    func authority() async throws {
        let routes = TestRoutes.describing()
        try await withServer(routes) { server in
            let connection = try await RawConnection.connect(to: server.localAddress)
            try await connection.send(RequestTables.get("http://Other.example:81/b?c=d?e"))
            let request = try #require(await routes.requests.next())
            #expect(request.headers["Host"] == ["Other.example:81"])
            #expect((request.path, request.query) == ("/b", "c=d?e"))
            try await connection.channel.close().get()
        }
    }

    @Test("OPTIONS * is answered by the server as a whole")
    func asterisk() async throws {
        let (status, head, _) = try await Self.answer(to: "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(status == 204)
        #expect(!head.lowercased().contains("content-length"))
    }

    @Test("A right handshake is answered with 101", arguments: RequestTables.upgrades.keys.sorted())
    func upgrades(name: String) async throws {
        let (status, head, _) = try await Self.answer(to: #require(RequestTables.upgrades[name]))
        #expect(status == 101)
        #expect(head.contains("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"))
        #expect(head.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
        #expect(!head.contains("Sec-WebSocket-Extensions"))
    }

    @Test("Another version is answered with 426 and the right one", arguments: [nil, "8", "013", "13, 8", ""])
    func versions(version: String?) async throws {
        let (status, head, _) = try await Self.answer(to: handshake(replacing: ["Sec-WebSocket-Version": version]))
        #expect(status == 426)
        #expect(head.contains("\r\nSec-WebSocket-Version: 13\r\n"))
        #expect(head.contains("\r\nConnection: close\r\n"))
    }

    @Test("A request with Upgrade that is no handshake is the routes', and closes", arguments: ["POST", "HEAD", "GET"])
    func notHandshakes(method: String) async throws {
        var request = handshake("\(method) /stream HTTP/1.1")
        if method == "GET" {
            request = RequestTables.get(
                "/stream", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAA")
        }
        let (status, head, rest) = try await Self.answer(to: request + RequestTables.get())
        #expect(status == 200)
        #expect(head.contains("\r\nConnection: close\r\n"))
        #expect(rest == (method == "HEAD" ? "" : "\(method) /stream"))
    }
}
