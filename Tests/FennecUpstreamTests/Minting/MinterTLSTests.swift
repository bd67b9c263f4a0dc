import GatewayCore
import Testing

@testable import FennecUpstream

@Suite("The minter over TLS", .timeLimit(.minutes(1)))
struct MinterTLSTests {
    private func mint(_ server: OpenSSLServer, trusting caFile: String?) async throws -> MintOutcome {
        let minter = try TokenMinter.testing(port: server.port, scheme: .https, host: "localhost", caFile: caFile)
        let outcome = try await minter.mint(timeout: .seconds(20))
        minter.shutDown()
        return outcome
    }

    @Test("trusts the configured authority")
    func success() async throws {
        let server = try OpenSSLServer(names: "DNS:localhost")
        #expect(try await mint(server, trusting: server.certificate).tokenText == "over-tls")
    }

    @Test("does not trust a certificate that nobody vouches for")
    func selfSigned() async throws {
        let server = try OpenSSLServer(names: "DNS:localhost")
        let failure = try await mint(server, trusting: nil).failure
        #expect(failure?.label == "tls")
        #expect("\(failure, default: "")".contains("self-signed certificate"))
    }

    @Test("does not trust a certificate for another name")
    func wrongName() async throws {
        let server = try OpenSSLServer(names: "DNS:other.example")
        let failure = try await mint(server, trusting: server.certificate).failure
        #expect(failure?.label == "tls")
        #expect("\(failure, default: "")".contains("localhost"))
    }

    @Test("speaks TLS 1.2 at the least")
    func oldVersion() async throws {
        let server = try OpenSSLServer(names: "DNS:localhost", options: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        #expect(try await mint(server, trusting: server.certificate).failure?.label == "tls")
    }

    @Test("says that the file with the authorities cannot be used")
    func missingAuthorities() async throws {
        let server = try OpenSSLServer(names: "DNS:localhost")
        #expect(try await mint(server, trusting: "/nonexistent.pem").failure?.label == "tls")
    }
}
