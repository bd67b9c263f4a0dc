import GatewayServer

/// Keeps the service manager informed while the gateway relays: the watchdog is fed while every thread that matters
/// answers, the status is told when it changes.
struct ServiceReport {
    private static let statusInterval = Duration.seconds(1)

    private let tasks: [Task<Void, Never>]

    init(of gateway: Gateway) {
        var tasks = [Task { await Self.tellStatus(of: gateway) }]
        if let interval = ServiceManager.watchdogInterval {
            tasks.append(Task { await Self.feedWatchdog(of: gateway, within: interval) })
        }
        self.tasks = tasks
    }

    /// The status is told by others from now on; the watchdog is still fed.
    func leaveStatus() { tasks[0].cancel() }

    /// Says no more. Not waited for: what watches a thread that is held up never ends.
    func stop() {
        for task in tasks { task.cancel() }
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
