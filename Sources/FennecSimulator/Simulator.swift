import GatewayWire
import Glibc
package import NIOCore
import NIOPosix

/// A stand-in for the vendor: gives tokens, takes streams, answers with transcripts.
package final class Simulator: Sendable {
    /// Where tokens are minted.
    package static let tokenPath = "/api/v1/transcribe/streaming-token"
    /// Where streams are opened.
    package static let streamPath = "/api/v1/transcribe/stream"

    private let server: HTTPServer
    private let context: StreamContext

    private init(server: HTTPServer, context: StreamContext) {
        self.server = server
        self.context = context
    }

    /// Starts listening; throws when the address can't be had, and `SimulatorError` for other settings.
    package static func start(
        configuration: SimulatorConfiguration = SimulatorConfiguration(), group: any EventLoopGroup
    ) async throws -> Simulator {
        if let directory = configuration.recordDirectory { try prepare(directory) }
        let address = try configuration.address ?? SocketAddress(ipAddress: "127.0.0.1", port: 0)
        let context = StreamContext(
            configuration: configuration, log: SimulatorLog(configuration),
            recognizer: configuration.recognizer.map(Recognizer.init))
        let server = try await HTTPServer.bind(to: address, group: group, routes: SimulatorRoutes(context))
        return Simulator(server: server, context: context)
    }

    /// Where it listens.
    package var address: SocketAddress { server.localAddress }
    /// The port, which the kernel chose when none was configured.
    package var port: Int { server.localAddress.port ?? 0 }
    /// What it has counted so far.
    package var statistics: SimulatorStatistics { context.log.statistics }
    /// The latest connections, in the order of their handshakes.
    package var recordings: [SessionRecording] { context.log.recordings }

    /// Closes everything.
    package func stop() async {
        await server.shutdown()
        await context.recognizer?.stop()
    }

    private static func prepare(_ directory: String) throws(SimulatorError) {
        // Fails when it exists; what counts is whether it can be written to.
        mkdir(directory, 0o700)
        guard access(directory, W_OK | X_OK) == 0 else { throw .recordDirectory(directory) }
    }
}

/// Why a stand-in can't start.
package enum SimulatorError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The directory can neither be made nor written to.
    case recordDirectory(String)

    package var description: String {
        switch self {
        case .recordDirectory(let path): "cannot write recordings to \(path)"
        }
    }
}
