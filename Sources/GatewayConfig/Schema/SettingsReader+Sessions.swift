import GatewayCore

extension SettingsReader {
    private static let deadline: ClosedRange<Duration> = .milliseconds(1)...(.seconds(3600))
    private static let long: ClosedRange<Duration> = .milliseconds(1)...(.seconds(7 * 24 * 3600))

    /// `sessions`, with the defaults for what is not there; `nil` is reported.
    func readSessions(_ value: ConfigValue) -> SessionSettings? {
        let keys = [
            "max", "start_timeout", "connect_timeout", "ready_timeout", "idle_timeout", "max_duration", "drain_lead",
            "drain_max", "drain_timeout", "ping_interval", "write_timeout", "close_timeout", "missing_ready",
            "early_audio", "max_audio_message", "max_text_message", "request_head_timeout", "ticket_lifetime",
        ]
        guard let section = value.section(keys: keys) else { return nil }
        var settings = SessionSettings()
        readDeadlines(section, into: &settings)
        readBounds(section, into: &settings)
        section.read("missing_ready", into: &settings.missingReady) {
            $0.choice(of: [("fail", .fail), ("proceed", .proceed)])
        }
        return settings
    }

    private func readDeadlines(_ section: ConfigSection, into settings: inout SessionSettings) {
        let short = { (value: ConfigValue) in value.duration(in: Self.deadline) }
        section.read("start_timeout", into: &settings.startTimeout, short)
        section.read("connect_timeout", into: &settings.connectTimeout, short)
        section.read("ready_timeout", into: &settings.readyTimeout, short)
        section.read("drain_timeout", into: &settings.drainTimeout, short)
        section.read("ping_interval", into: &settings.pingInterval, short)
        section.read("write_timeout", into: &settings.writeTimeout, short)
        section.read("close_timeout", into: &settings.closeTimeout, short)
        section.read("request_head_timeout", into: &settings.requestHeadTimeout, short)
        section.read("ticket_lifetime", into: &settings.ticketLifetime, short)
        let pause = { (value: ConfigValue) in value.duration(in: .zero...(.seconds(3600))) }
        section.read("drain_lead", into: &settings.drainLead, pause)
        section.read("drain_max", into: &settings.drainMax, pause)
        let long = { (value: ConfigValue) in value.duration(in: Self.long) }
        section.read("idle_timeout", into: &settings.idleTimeout, long)
        section.read("max_duration", into: &settings.maxDuration, long)
    }

    private func readBounds(_ section: ConfigSection, into settings: inout SessionSettings) {
        section.read("max", into: &settings.max) { $0.integer(in: 1...1_000_000) }
        section.read("max_audio_message", into: &settings.maxAudioMessageBytes) { $0.size(in: 1 << 10...64 << 20) }
        section.read("max_text_message", into: &settings.maxTextMessageBytes) { $0.size(in: 1 << 10...1 << 20) }
        guard let early = section["early_audio"]?.section(keys: ["seconds", "bytes"]) else { return }
        early.read("seconds", into: &settings.earlyAudioSeconds) { $0.integer(in: 1...600) }
        early.read("bytes", into: &settings.earlyAudioBytes) { $0.size(in: 1 << 10...64 << 20) }
    }
}
