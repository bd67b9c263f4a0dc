/// What the supply of tokens and the circuit breakers count.
package struct UpstreamMetrics: Sendable {
    /// What happened to an API key.
    package enum KeyEvent: String, CaseIterable, Sendable {
        case refused, limited, accepted
    }

    package let poolSize: Gauge
    package let poolHits: Counter
    package let poolMisses: Counter
    package let poolExpired: Counter
    package let keyEvents: CaseCounters<KeyEvent>
    /// 1 while the breaker of token requests keeps sessions away.
    package let mintCircuitOpen: Gauge
    /// 1 while the breaker of dials does.
    package let dialCircuitOpen: Gauge
    /// Connections to the service that wait for their clients' `start`.
    package let earlyConnections: Gauge
    package let phaseSeconds: CaseHistograms<DialPhase>

    init(registry: MetricsRegistry, name: (String) -> String) {
        poolSize = registry.gauge(name("token_pool_size"), "Upstream tokens that are ready now.")
        poolHits = registry.counter(
            name("token_pool_hits_total"), "Sessions that found a token ready, or one that a mint ahead brought.")
        poolMisses = registry.counter(name("token_pool_misses_total"), "Sessions that waited for a token.")
        poolExpired = registry.counter(
            name("token_pool_expired_total"), "Tokens that were too old before a session needed them.")
        keyEvents = registry.counters(
            name("api_key_events_total"), "Times that the service refused, slowed down or took back an API key.",
            label: "event")
        mintCircuitOpen = registry.gauge(
            name("mint_circuit_open"), "1 while the token endpoint fails and sessions are kept away from it.")
        dialCircuitOpen = registry.gauge(
            name("dial_circuit_open"), "1 while the stream endpoint fails and sessions are kept away from it.")
        earlyConnections = registry.gauge(
            name("early_connections"), "Upstream connections that wait for their clients' start message.")
        phaseSeconds = registry.histograms(
            name("upstream_phase_seconds"), "Time that each step of opening a stream took, by step.", label: "phase",
            bounds: Histogram.dialBounds)
    }
}
