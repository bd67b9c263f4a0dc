import Testing

@testable import GatewayConfig

@Suite("Modes of sockets as text")
struct SocketModeTextTests {
    @Test("Permission bits are read", arguments: [("0600", 0o600), ("660", 0o660), ("0666", 0o666), ("777", 0o777)])
    func reads(text: String, mode: Int) throws {
        #expect(try SocketModeText.parse(text) == UInt32(mode))
    }

    @Test(
        "What is none is refused, and so is what shuts the gateway's own user out",
        arguments: ["", "0", "60", "0060", "0400", "0888", "rw-rw----", "0o660", "+660", "1660", "00660", " 660"])
    func refuses(text: String) {
        #expect(throws: ValueError.self) { try SocketModeText.parse(text) }
    }
}
