package import GatewayCore
import GatewayTelemetry
import GatewayWire

extension Gateway {
    /// Puts other settings in force, for connections and sessions to come; those that live keep what they began with.
    /// - Returns: What of them takes effect with a restart only, by the names of the configuration.
    /// - Throws: `StartFailure` for a certificate or key that cannot be used; then nothing is changed.
    package func reload(_ settings: GatewaySettings) throws -> [String] {
        var changes: [(server: HTTPServer, configuration: HTTPServer.Configuration)] = []
        for (name, server) in listeners {
            // One that is no longer configured stays as it is until the restart.
            guard let listener = settings.listeners.first(where: { $0.name == name }) else { continue }
            changes.append(
                (server, try HTTPServer.configuration(of: listener, sessions: settings.sessions, faults: faults)))
        }
        store.replace(with: settings)
        registry.most = settings.sessions.max
        metrics.sessionsLimit.set(settings.sessions.max)
        desk.tickets.lifetime = settings.sessions.ticketLifetime
        for (server, configuration) in changes { server.configure(configuration) }
        return settings.needingRestart(since: started)
    }
}
