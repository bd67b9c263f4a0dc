import GatewayCore
import Synchronization

/// Holds the configuration that new requests are judged by.
final class SettingsStore: Sendable {
    private let active: Mutex<ActiveSettings>

    init(_ settings: GatewaySettings) {
        active = Mutex(ActiveSettings(settings))
    }

    /// What is in force now; taken once for a request.
    var current: ActiveSettings { active.withLock { $0 } }

    /// Puts another configuration in force, for requests to come.
    func replace(with settings: GatewaySettings) {
        let next = ActiveSettings(settings)
        active.withLock { $0 = next }
    }
}
