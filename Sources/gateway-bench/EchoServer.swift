import ArgumentParser
import GatewayConfig
import GatewayCore
import GatewayWire
import NIOCore
import NIOHTTP1
import NIOPosix
import UnixSignals

/// `echo-server`: the gateway's own WebSocket leg as a server that sends every message back.
struct EchoServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves WebSockets that send every message back, for conformance tests of the gateway's frame layer.",
        discussion: """
            Text comes back as text, binary as binary, up to 64 MiB a message. Prints {"listening":"ADDRESS"} and \
            serves until SIGINT or SIGTERM.

              gateway-bench echo-server --listen 127.0.0.1:9001
            """)

    @Option(
        help: .init("Where to listen; port 0 takes any. (default: 127.0.0.1:0)", valueName: "address:port"),
        transform: parse)
    var listen = SocketEndpoint.ip(host: "127.0.0.1", port: 0)

    func run() async throws {
        guard case .ip(let host, let port) = listen else { return }
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let server = try await HTTPServer.bind(
            to: try SocketAddress(ipAddress: host, port: port), group: MultiThreadedEventLoopGroup.singleton,
            routes: EchoRoutes())
        let bound = SocketEndpoint.ip(host: host, port: server.localAddress.port ?? port)
        Output.line("{\"listening\":\"\(bound)\"}")
        for await _ in signals { break }
        await server.shutdown()
    }

    private static func parse(_ text: String) throws -> SocketEndpoint {
        do throws(ValueError) {
            return try SocketEndpointText.parseIP(text)
        } catch {
            throw ValidationError(error.message)
        }
    }
}

/// Takes every handshake, whatever its path.
private final class EchoRoutes: HTTPRoutes {
    func answer(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer {
        guard request.isWebSocketHandshake else {
            return .reply(HTTPReply(status: .upgradeRequired, type: "text/plain", text: "use a WebSocket\n"))
        }
        return .upgrade(WebSocketAcceptance(limits: Echo.limits) { $0.owner = Echo() })
    }
}
