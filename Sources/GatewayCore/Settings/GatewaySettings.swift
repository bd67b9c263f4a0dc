/// Everything that the operator decides, as plain values. Filled by `GatewayConfig`, read by everyone else.
package struct GatewaySettings: Sendable, Equatable {
    /// Where clients connect; at least one.
    package var listeners: [ListenerSettings]
    /// Where operators connect; `nil` switches the admin surface off.
    package var admin: AdminSettings?
    /// The vendor's addresses and how to authenticate there.
    package var upstream: UpstreamSettings
    /// Who may connect: the first rule that matches wins, no match is refused.
    package var access: [AccessRule]
    /// The identity providers whose JWTs are believed, by different issuers.
    package var issuers: [IssuerSettings]
    /// The policies by name; what access rules name is always there.
    package var policies: [String: Policy]
    /// The limits by name; what access rules name is always there.
    package var limits: [String: LimitSet]
    /// What all clients together may use.
    package var budget: AudioBudget
    /// Path of the directory in which the gateway keeps what must outlive it; `nil` when it is the service manager's.
    package var stateDirectory: String?
    /// Deadlines and bounds of a session.
    package var sessions: SessionSettings
    /// How sessions are accounted for.
    package var usage: UsageSettings
    /// What is logged, and how.
    package var log: LogSettings

    package init(
        listeners: [ListenerSettings], admin: AdminSettings? = AdminSettings(), upstream: UpstreamSettings,
        access: [AccessRule], issuers: [IssuerSettings] = [],
        policies: [String: Policy] = [Policy.defaultName: Policy(name: Policy.defaultName)],
        limits: [String: LimitSet] = [:], budget: AudioBudget = AudioBudget(), stateDirectory: String? = nil,
        sessions: SessionSettings = SessionSettings(), usage: UsageSettings = UsageSettings(),
        log: LogSettings = LogSettings()
    ) {
        self.listeners = listeners
        self.admin = admin
        self.upstream = upstream
        self.access = access
        self.issuers = issuers
        self.policies = policies
        self.limits = limits
        self.budget = budget
        self.stateDirectory = stateDirectory
        self.sessions = sessions
        self.usage = usage
        self.log = log
    }
}
