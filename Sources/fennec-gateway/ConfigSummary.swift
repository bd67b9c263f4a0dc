import GatewayConfig
import GatewayCore

/// What a configuration would serve, in a few lines for people.
struct ConfigSummary: CustomStringConvertible {
    private let settings: GatewaySettings
    private let policies: [Policy]

    init(_ config: LoadedConfig) {
        settings = config.settings
        policies = config.policies.compactMap { config.settings.policies[$0.name] }
    }

    var description: String {
        let rows =
            listeners + [("admin", settings.admin?.address.description ?? "off")] + upstream + rules
            + [("sessions", "\(settings.sessions.max) at most, which takes \(settings.sessions.openFiles) open files")]
            + policies.map { ("policy \($0.name)", $0.summary) } + usage
        return TextTable(rows: rows.map { [$0, $1] }, indent: 2).description
    }

    private var listeners: [(String, String)] {
        settings.listeners.map { listener in
            let names = listener.hosts.isEmpty ? "" : ", as \(listener.hosts.joined(separator: ", "))"
            return (
                "listener \(listener.name)", "\(listener.address), \(Self.protocols(listener))\(names)"
            )
        }
    }

    private static func protocols(_ listener: ListenerSettings) -> String {
        let proxy = listener.clientAddress == .proxy ? "PROXY protocol, " : ""
        guard let tls = listener.tls else { return "\(proxy)HTTP" }
        guard tls.clientCA != nil else { return "\(proxy)HTTPS" }
        return "\(proxy)HTTPS with \(tls.requiresClientCertificates ? "" : "optional ")client certificates"
    }

    private var usage: [(String, String)] {
        let ledger = settings.usage.ledger ?? "none: usage is in the log alone (usage.ledger keeps it)"
        return [("ledger", ledger)] + (settings.usage.jsonl.map { [("usage lines to", $0)] } ?? [])
    }

    private var upstream: [(String, String)] {
        [
            ("tokens from", "\(settings.upstream.tokenURL)"), ("streams to", "\(settings.upstream.streamURL)"),
            ("API key in", keys), ("tokens ready", pool),
        ]
    }

    private var keys: String {
        let keys = settings.upstream.apiKeys
        let places = keys.sources.map(\.description)
        guard let weights = keys.weights else { return places.joined(separator: ", else ") }
        return zip(places, weights).map { "\($0) (weight \($1))" }.joined(separator: ", ")
    }

    private var pool: String {
        let pool = settings.upstream.tokenPool
        guard pool.ceiling > 0 else { return "none, each is minted on demand: no mints while idle" }
        return "\(pool.floor) to \(pool.ceiling): \(pool.idleMintsPerDay) mints a day while idle"
    }

    private static func list(_ values: [some CustomStringConvertible], _ separator: String) -> String {
        values.map(\.description).joined(separator: separator)
    }

    private var rules: [(String, String)] {
        settings.access.map { rule in
            let origins = rule.origins.map { "origin \(Self.list($0, " or "))" } ?? "no origin"
            let devices = rule.devices.map { "device \(Self.list($0, " or "))" }
            let listeners = rule.listeners.map { "through \(Self.list($0, " or "))" }
            let token = rule.token.map { "JWT \($0)" }
            let certificate = rule.certificate.map { "certificate \($0)" }
            let addresses = rule.addresses.map { "from \(Self.list($0, ", "))" }
            let conditions = [origins, devices, token, certificate, listeners, addresses].compactMap(\.self)
            return ("rule \(rule.name)", "\(conditions.joined(separator: ", ")): \(Self.policies(rule.policies))")
        }
    }

    private static func policies(_ names: [String]) -> String {
        let others = names.dropFirst().joined(separator: ", ")
        return "policy \(names.first ?? Policy.defaultName)" + (others.isEmpty ? "" : " (on request \(others))")
    }
}
