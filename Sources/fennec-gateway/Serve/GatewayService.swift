import GatewayCore
import GatewayServer
import ServiceLifecycle
import UnixSignals

/// The gateway under a service manager: started, told to systemd, reloaded on SIGHUP, drained when it is asked to
/// stop.
struct GatewayService: Service, CustomStringConvertible {
    let settings: GatewaySettings
    let parts: Gateway.Parts
    /// SIGHUP, each time.
    let hangUps: UnixSignalsSequence
    let reloader: ConfigReloader

    /// What the lifecycle's log lines call it; without this they would repeat all settings.
    var description: String { "gateway" }

    func run() async throws {
        let gateway = try await Gateway.start(settings, parts: parts)
        let status = "Relaying on \(settings.listeners.count) listener(s)"
        ServiceManager.ready(status)
        // Ends when the signal to stop has come; a cancellation is the same wish.
        for await _ in hangUps.cancelOnGracefulShutdown() {
            ServiceManager.reloading()
            reloader.reload(gateway)
            ServiceManager.ready(status)
        }
        ServiceManager.stopping("Delivering the last transcripts")
        await gateway.drain()
    }
}
