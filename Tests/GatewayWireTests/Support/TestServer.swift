import NIOCore
import NIOHTTP1
import NIOPosix

@testable import GatewayWire

/// Routes made of closures; what they are asked is kept.
final class TestRoutes: HTTPRoutes {
    typealias Answer = @Sendable (HTTPRequestInfo, any EventLoop) -> HTTPAnswer

    let requests = Mailbox<HTTPRequestInfo>()
    private let answerTo: Answer

    init(_ answerTo: @escaping Answer) {
        self.answerTo = answerTo
    }

    func answer(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer {
        requests.put(request)
        return answerTo(request, loop)
    }

    /// Answers with the method and the path; handshakes with an echo.
    static func describing(limits: WebSocketLimits = WebSocketLimits()) -> TestRoutes {
        TestRoutes { request, _ in
            guard !request.isWebSocketHandshake else {
                return .upgrade(WebSocketAcceptance(limits: limits) { $0.owner = EchoOwner() })
            }
            return .reply(
                HTTPReply(status: .ok, type: "text/plain", text: "\(request.method.rawValue) \(request.path)"))
        }
    }
}

/// Sends every message back.
final class EchoOwner: WebSocketOwner {
    func received(text: ByteBuffer, on leg: WebSocketLeg) {
        leg.send(text: text)
    }

    func received(binary: ByteBuffer, on leg: WebSocketLeg) {
        leg.send(binary: binary)
    }

    func ended(_ end: WebSocketEnd, on leg: WebSocketLeg) {}
}

/// Runs `body` against a server on a port of its own.
func withServer<Result: Sendable>(
    _ routes: any HTTPRoutes = TestRoutes.describing(), host: String = "127.0.0.1",
    configuration: HTTPServer.Configuration = .with { _ in },
    _ body: (HTTPServer) async throws -> Result
) async throws -> Result {
    let server = try await HTTPServer.bind(
        to: SocketAddress(ipAddress: host, port: 0), group: .singletonMultiThreadedEventLoopGroup,
        configuration: configuration, routes: routes)
    do {
        let result = try await body(server)
        await server.shutdown()
        return result
    } catch {
        await server.shutdown()
        throw error
    }
}

/// The bytes of a correct handshake with lines replaced, added or (with `nil`) left out.
func handshake(
    _ line: String = "GET /stream HTTP/1.1", replacing: [String: String?] = [:], adding: [String] = []
) -> String {
    var lines = [line]
    let fields = [
        ("Host", "localhost"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Version", "13"),
    ]
    for (name, value) in fields {
        if let value = replacing[name] ?? value { lines.append("\(name): \(value)") }
    }
    return (lines + adding).joined(separator: "\r\n") + "\r\n\r\n"
}

extension HTTPServer.Configuration {
    /// The defaults with patience for a busy test run, and with something changed.
    static func with(_ change: (inout HTTPServer.Configuration) -> Void) -> HTTPServer.Configuration {
        var configuration = HTTPServer.Configuration()
        configuration.headTimeout = .minutes(5)
        configuration.lingerTimeout = .minutes(5)
        change(&configuration)
        return configuration
    }
}
