import NIOCore
import NIOPosix
import Testing

@testable import GatewayWire

struct SocketFailureTests {
    private func words(connectingTo host: String, port: Int) async -> String {
        do {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(host: host, port: port).get()
            try await channel.close().get()
            return "connected"
        } catch {
            return SocketFailure.words(error)
        }
    }

    @Test("A refused connection and an unknown name are told in the system's words")
    func connecting() async {
        // Port 1 is tcpmux's (RFC 1078), which nobody runs.
        #expect(await words(connectingTo: "127.8.8.8", port: 1) == "Connection refused")
        #expect(await words(connectingTo: "no-such-host.invalid", port: 1).contains("nown"))
    }

    @Test("An address in use is told in the system's words")
    func listening() async throws {
        try await withServer { server in
            do {
                _ = try await HTTPServer.bind(
                    to: server.localAddress, group: .singletonMultiThreadedEventLoopGroup,
                    routes: TestRoutes.describing())
                Issue.record("two listeners have one address")
            } catch {
                #expect(SocketFailure.words(error) == "Address already in use")
            }
        }
    }
}
