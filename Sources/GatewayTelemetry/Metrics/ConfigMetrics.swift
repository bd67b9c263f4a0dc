/// What there is to know of the configuration that is in force.
package struct ConfigMetrics: Sendable {
    private let reloads: CaseCounters<ReloadOutcome>
    private let lastReloadSuccessful: Gauge
    private let lastReloadTimestamp: Gauge

    /// - Parameters:
    ///   - prefix: What all names begin with.
    ///   - startedAt: When the first reading succeeded, in seconds since 1970.
    init(in registry: MetricsRegistry, prefix: String, startedAt: Int) {
        reloads = registry.counters(
            "\(prefix)config_reloads_total", "Times that the configuration was read again, by outcome.",
            label: "outcome")
        lastReloadSuccessful = registry.gauge(
            "\(prefix)config_last_reload_successful",
            "Whether the last reading of the configuration put it in force, the one at the start included.")
        lastReloadTimestamp = registry.gauge(
            "\(prefix)config_last_reload_timestamp_seconds",
            "When the configuration that is in force was read, since the Unix epoch in seconds.")
        lastReloadSuccessful.set(1)
        lastReloadTimestamp.set(startedAt)
    }

    /// The configuration was read again.
    /// - Parameter now: In seconds since 1970.
    package func reloaded(_ outcome: ReloadOutcome, now: Int) {
        reloads[outcome].add()
        lastReloadSuccessful.set(outcome == .success ? 1 : 0)
        if outcome == .success { lastReloadTimestamp.set(now) }
    }
}
