import GatewayTelemetry
import ServiceLifecycle

/// Tells of log lines that were held back, also when no other line follows them.
struct HeldBackLines: Service, CustomStringConvertible {
    let limit: LogLimit

    var description: String { "log" }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(1))
                limit.settle()
            }
        }
        limit.finish()
    }
}
