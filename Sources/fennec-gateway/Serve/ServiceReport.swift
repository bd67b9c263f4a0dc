import GatewayServer

/// Keeps the service manager informed while the gateway relays: the watchdog is fed while every thread that matters
/// answers, the status is told when it changes.
struct ServiceReport {
    private static let statusInterval = Duration.seconds(1)

    private let status: Task<Void, Never>
    /// `nil` when there is no watchdog.
    private let watchdog: Task<Void, Never>?

    init(of gateway: Gateway) {
        status = Task { await Self.tellStatus(of: gateway) }
        watchdog = ServiceManager.watchdogInterval.map { interval in
            Task { await Self.feedWatchdog(of: gateway, within: interval) }
        }
    }

    /// The status is told by others from now on; the watchdog is still fed.
    func leaveStatus() { status.cancel() }

    /// Says no more. Not waited for: what watches a thread that is held up never ends.
    func stop() {
        status.cancel()
        watchdog?.cancel()
    }

    private static func tellStatus(of gateway: Gateway) async {
        var told = gateway.status
        while (try? await Task.sleep(for: statusInterval)) != nil {
            let status = gateway.status
            if status != told { ServiceManager.status(status) }
            told = status
        }
    }

    /// Three times in each interval, so that a late one is no alarm.
    private static func feedWatchdog(of gateway: Gateway, within interval: Duration) async {
        repeat {
            await gateway.hearFromThreads()
            ServiceManager.feedWatchdog()
        } while (try? await Task.sleep(for: interval / 3)) != nil
    }
}
