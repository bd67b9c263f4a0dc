import GatewayCore
import GatewayWire
import NIOCore
import NIOPosix
import NIOSSL

/// Opens the WebSocket of a session and sees the session through.
struct StreamConnection: Sendable {
    private static let timeout = TimeAmount.seconds(10)

    let url: StreamURL
    /// Travels in the query; never printed.
    let ticket: String?
    let origin: String?
    /// A PEM bundle to trust instead of the system's.
    let caFile: String?

    /// Runs the session. Throws why no connection came to be.
    func run(_ plan: StreamPlan, printer: StreamPrinter) async throws(CommandFailure) -> StreamOutcome {
        let target = try target()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        do {
            return try await loop.flatSubmit {
                let promise = loop.makePromise(of: StreamOutcome.self)
                let session = StreamSession(plan, printer: printer, promise: promise)
                WebSocketClient.connect(to: target, on: loop, timeout: Self.timeout, owner: session)
                    .leg.assumeIsolated().whenComplete { result in
                        switch result {
                        case .success(let leg): session.begin(leg)
                        case .failure(let error): promise.fail(error)
                        }
                    }
                return promise.futureResult
            }.get()
        } catch let failure as WebSocketClient.Failure {
            throw CommandFailure(failure.words(url.endpoint.authority))
        } catch {
            throw CommandFailure("\(url.endpoint.authority): \(error)")
        }
    }

    private func target() throws(CommandFailure) -> WebSocketClient.Target {
        WebSocketClient.Target(
            host: url.endpoint.host, port: url.endpoint.port, pathAndQuery: url.pathAndQuery(ticket: ticket),
            tls: try tls(), limits: limits, headers: origin.map { [("Origin", $0)] } ?? [])
    }

    /// Transcripts of long utterances, with whatever else the service adds.
    private var limits: WebSocketLimits {
        var limits = WebSocketLimits()
        limits.maxTextMessageBytes = 1 << 20
        return limits
    }

    private func tls() throws(CommandFailure) -> NIOSSLContext? {
        guard url.endpoint.scheme.isSecure else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let caFile { configuration.trustRoots = .file(caFile) }
        do { return try NIOSSLContext(configuration: configuration) } catch {
            throw CommandFailure("\(caFile ?? "the system's trust store") is no readable PEM file of certificates")
        }
    }
}
