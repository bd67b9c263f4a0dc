import FennecSimulator
import FennecUpstream
import GatewayCore
import GatewayTesting
import NIOCore

/// What a client without the gateway does: gets a token, then connects. Its token requests share a connection, which
/// flatters it.
struct DirectPath {
    private let minter: TokenMinter
    private let key: Secret
    private let port: Int
    private let loop: any EventLoop

    /// - Parameter port: The stand-in's on 127.0.0.1.
    init(port: Int, loop: any EventLoop) throws {
        guard let url = EndpointURL("http://127.0.0.1:\(port)\(Simulator.tokenPath)") else {
            throw TestingFailure("no URL for port \(port)")
        }
        minter = try TokenMinter(settings: MinterSettings(tokenURL: url, proxy: .direct))
        key = try Array("key-of-the-bench".utf8).withUnsafeBytes { try Secret(copying: $0) }
        self.port = port
        self.loop = loop
    }

    /// Opens one session, hears `ready` and closes it.
    /// - Returns: The moment of `ready`.
    func run() async throws -> ContinuousClock.Instant {
        guard case .token(let token, _) = await minter.mint(with: key, timeout: .seconds(10)) else {
            throw TestingFailure("the stand-in gives no token")
        }
        let path = token.withQueryValue { "\(Simulator.streamPath)?streaming_token=\($0)" }
        return try await ReadyClient.run(port: port, path: path, on: loop)
    }

    func stop() { minter.shutDown() }
}
