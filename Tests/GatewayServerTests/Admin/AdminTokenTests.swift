import GatewayCore
import GatewayTesting
import Glibc
import Testing

@testable import GatewayServer

@Suite("The admin token")
struct AdminTokenTests {
    private static func read(_ text: String, mode: mode_t = 0o640, asCredential: Bool = false) throws -> AdminToken {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let path = try directory.write(text, to: "token")
        chmod(path, mode)
        let source: KeySource = asCredential ? .credential(name: "token") : .file(path: path)
        return try AdminToken.read(source, credentialsDirectory: asCredential ? directory.path : nil)
    }

    @Test("is the one line of its file", arguments: ["0123456789abcdef", "0123456789abcdef\n", "0123456789abcdef\r\n"])
    func reads(text: String) throws {
        let token = try Self.read(text)
        #expect(token.isMatched(by: "0123456789abcdef"))
        for other in ["", "0123456789abcde", "0123456789abcdef ", "0123456789ABCDEF"] {
            #expect(!token.isMatched(by: other))
        }
    }

    @Test("may be a credential, which the service manager keeps from others")
    func credential() throws {
        #expect(try Self.read("0123456789abcdef", mode: 0o644, asCredential: true).isMatched(by: "0123456789abcdef"))
        #expect(throws: StartFailure.self) {
            try AdminToken.read(.credential(name: "token"), credentialsDirectory: nil)
        }
    }

    @Test(
        "is refused when it is short, open to others or no single line; what is in it is never told",
        arguments: [
            ("0123456789abcde", 0o600), ("0123456789abcdef", 0o644), ("0123456789\nabcdef", 0o600), ("", 0o600),
            ("0123456789abcdef \n", 0o600), ("0123456789abcdéf", 0o600), (String(repeating: "a", count: 5000), 0o600),
        ])
    func refuses(text: String, mode: Int) {
        let failure = #expect(throws: StartFailure.self) { try Self.read(text, mode: mode_t(mode)) }
        #expect(failure?.description.contains("0123") == false)
    }

    @Test("is missed when its file is not there")
    func missing() {
        let failure = #expect(throws: StartFailure.self) {
            try AdminToken.read(.file(path: "/nowhere/token"), credentialsDirectory: nil)
        }
        #expect(failure?.description.contains("write one to it") == true)
    }
}
