import GatewayCore
import NIOCore
import Testing

@testable import GatewayServer

@Suite("Socket addresses as admission sees them")
struct SocketAddressTests {
    @Test(
        "the IP address is found, mapped ones folded",
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("::1", "::1"), ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:DB8::7", "2001:db8::7"),
        ])
    func address(text: String, printed: String) throws {
        #expect(try SocketAddress(ipAddress: text, port: 80).address?.description == printed)
    }

    @Test("a unix socket has no IP address")
    func unixSocket() throws {
        let address = try SocketAddress(unixDomainSocketPath: "/run/gateway.sock")
        #expect(address.address == nil)
        #expect(address.text == "unix:/run/gateway.sock")
    }

    @Test(
        "an address is written as in the configuration",
        arguments: [("192.0.2.7", "192.0.2.7:80"), ("::1", "[::1]:80")])
    func text(host: String, text: String) throws {
        #expect(try SocketAddress(ipAddress: host, port: 80).text == text)
    }
}
