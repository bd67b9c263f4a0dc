package import GatewayCore
import GatewayTelemetry
import GatewayWire

extension Gateway {
    /// Puts other settings in force, for connections and sessions to come; those that live keep what they began with.
    /// - Returns: What of them takes effect with a restart only, by the names of the configuration.
    /// - Throws: `StartFailure` for a file of TLS or JWT keys that cannot be used; then nothing is changed.
    package func reload(_ settings: GatewaySettings) throws -> [String] {
        let putInForce = try listeners.prepare(settings)
        let useIssuers = try desk.issuers.prepare(settings.issuers)
        useIssuers()
        store.replace(with: settings)
        registry.most = settings.sessions.max
        metrics.sessionsLimit.set(settings.sessions.max)
        desk.tickets.lifetime = settings.sessions.ticketLifetime
        putInForce()
        return settings.needingRestart(since: started)
    }
}
