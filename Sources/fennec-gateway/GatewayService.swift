import CSystemd
import GatewayCore
import GatewayServer
import ServiceLifecycle

/// The gateway under a service manager: started, told to systemd, drained when it is asked to stop.
struct GatewayService: Service {
    let settings: GatewaySettings
    let parts: Gateway.Parts

    func run() async throws {
        let gateway = try await Gateway.start(settings, parts: parts)
        tellSystemd("READY=1\nSTATUS=Relaying on \(settings.listeners.count) listener(s)")
        // Returns when the signal has come; a cancellation is the same wish.
        try? await gracefulShutdown()
        tellSystemd("STOPPING=1\nSTATUS=Delivering the last transcripts")
        await gateway.drain()
    }

    /// Does nothing when no service manager listens (sd_notify(3)).
    private func tellSystemd(_ state: String) {
        _ = sd_notify(0, state)
    }
}
