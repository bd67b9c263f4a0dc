import GatewayCore

/// One reading of the configuration, made ready for requests. It never changes: a request takes it once, and the
/// session that comes of the request keeps what it took.
final class ActiveSettings: Sendable {
    let settings: GatewaySettings
    private let access: [String: AccessPolicy]

    init(_ settings: GatewaySettings) {
        self.settings = settings
        access = Dictionary(
            settings.listeners.map { ($0.name, AccessPolicy(rules: settings.access, hosts: $0.hosts)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Who may connect to this listener. One that is no longer configured answers to no names of its own.
    func access(on listener: String) -> AccessPolicy {
        access[listener] ?? AccessPolicy(rules: settings.access, hosts: [])
    }

    /// What the configuration says of this listener; one that is no longer configured believes nobody.
    func listener(named name: String) -> ListenerSettings {
        settings.listeners.first { $0.name == name }
            ?? ListenerSettings(name: name, address: .ip(host: "127.0.0.1", port: 0))
    }

    /// The policy of this name; one that limits nothing but unknown fields when there is none, which no configuration
    /// that was accepted allows.
    func policy(named name: String) -> Policy {
        settings.policies[name] ?? Policy(name: name)
    }
}
