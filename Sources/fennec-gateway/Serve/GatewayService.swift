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
        ServiceManager.ready(gateway.status)
        let report = ServiceReport(of: gateway)
        // Ends when the signal to stop has come; a cancellation is the same wish.
        for await _ in hangUps.cancelOnGracefulShutdown() {
            ServiceManager.reloading()
            let isInForce = reloader.reload(gateway)
            let note = isInForce ? "" : " (the configuration was not reloaded, the log says why)"
            ServiceManager.ready(gateway.status + note)
        }
        report.leaveStatus()
        ServiceManager.stopping()
        await gateway.drain { progress in
            let seconds = Int(progress.remaining / .seconds(1))
            ServiceManager.extendTimeout(
                by: progress.remaining, status: "Stopping: \(progress.sessions) sessions, \(seconds) s at most")
        }
        report.stop()
    }
}
