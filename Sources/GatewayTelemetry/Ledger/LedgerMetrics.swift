/// How the ledger fares.
package struct LedgerMetrics: Sendable {
    let commits: Counter
    let commitSeconds: Histogram
    let failures: CaseCounters<SQLiteError.Kind>
    let isFailing: Gauge
    let lastCommit: Gauge
    let waiting: Gauge
    let dropped: Counter
    let lost: Counter

    package init(registry: MetricsRegistry) {
        commits = registry.counter(Self.name("commits_total"), "Rounds in which the ledger was written or had no news.")
        commitSeconds = registry.histogram(
            Self.name("commit_seconds"), "Time that one transaction took, the disk's included.",
            bounds: Histogram.networkBounds)
        failures = registry.counters(
            Self.name("failures_total"), "Rounds in which the ledger could not be written, by kind.", label: "kind")
        isFailing = registry.gauge(Self.name("failing"), "1 while the ledger cannot be written, 0 otherwise.")
        lastCommit = registry.gauge(
            Self.name("last_commit_timestamp_seconds"), "When the ledger was last up to date, since the Unix epoch.")
        waiting = registry.gauge(
            Self.name("waiting_records"), "Sessions that have ended and are not in the ledger yet.")
        dropped = registry.counter(
            Self.name("dropped_records_total"), "Sessions whose end never came into the ledger.")
        lost = registry.counter(
            Self.name("lost_sessions_total"),
            "Sessions of an earlier run that ended without a word, closed at the start.")
    }

    private static func name(_ suffix: String) -> String { "fennec_gateway_ledger_\(suffix)" }
}
