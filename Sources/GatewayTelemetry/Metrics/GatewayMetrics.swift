package import GatewayCore

/// Every metric of the gateway, by name. Labels never hold ids, addresses or tokens.
package struct GatewayMetrics: Sendable {
    package let registry: MetricsRegistry

    package let sessionsActive: Gauge
    package let sessions: Counter
    /// Sessions by the access rule that let them in.
    package let admitted: CounterSet
    package let sessionCloses: CounterSet
    package let refusals: CaseCounters<Refusal>
    /// Connections that were closed before there was a request on them.
    package let connectionFaults: CaseCounters<ConnectionFault>
    /// Audio from clients as their `start` messages declare it.
    package let audioSeconds: Counter
    package let audioBytes: Counter
    package let flow: FlowMetrics
    package let transcripts: CaseCounters<TranscriptKind>
    package let droppedFrames: Counter
    /// Messages of clients that a policy left out.
    package let droppedMessages: Counter
    package let policyDecisions: CaseCounters<PolicyDecision.Verdict>
    package let policyAdjustments: CounterSet
    package let policyObserved: CounterSet
    package let config: ConfigMetrics
    package let mints: CounterSet
    package let mintSeconds: Histogram
    package let connectSeconds: Histogram
    package let timeToReadySeconds: Histogram
    /// What `sessions.max` allows.
    package let sessionsLimit: Gauge
    package let sessionSeconds: Histogram
    package let firstTranscriptSeconds: Histogram
    package let finalDelaySeconds: Histogram
    /// Sessions whose audio came at another rate than declared.
    package let rateMismatches: Counter
    package let loopLagSeconds: Histogram
    package let ledger: LedgerMetrics
    package let upstream: UpstreamMetrics

    /// - Parameters:
    ///   - version: The program's.
    ///   - rules: The access rules that have a label of their own.
    ///   - mintOutcomes: Every label that `mints` may be asked for.
    ///   - startedAt: The start of the process, in seconds since 1970.
    package init(version: String, rules: [String] = [], mintOutcomes: [String], startedAt: Int) {
        let registry = MetricsRegistry()
        self.registry = registry
        sessionsActive = registry.gauge(Self.name("sessions_active"), "Sessions that are open now.")
        sessions = registry.counter(Self.name("sessions_total"), "Sessions that were opened.")
        admitted = registry.counters(
            Self.name("admitted_sessions_total"),
            "Sessions that were opened, by the access rule of the configuration at the start; others are other.",
            labels: ["rule"], values: rules.map { [$0] }, other: ["other"])
        sessionCloses = registry.counters(
            Self.name("session_closes_total"), "Sessions that ended, by who ended them and why.",
            labels: ["side", "code"], values: Self.closes, other: ["other", "other"])
        refusals = registry.counters(
            Self.name("refusals_total"), "Requests that were refused before a session opened, by reason.",
            label: "code")
        connectionFaults = registry.counters(
            Self.name("connection_faults_total"), "Connections closed before there was a request on them, by reason.",
            label: "code")
        audioSeconds = registry.secondsCounter(Self.name("audio_seconds_total"), "Audio received from clients.")
        audioBytes = registry.counter(Self.name("audio_bytes_total"), "Bytes of audio received from clients.")
        flow = FlowMetrics(registry: registry, name: Self.name)
        transcripts = registry.counters(
            Self.name("transcripts_total"), "Transcripts received from the upstream, by kind.", label: "kind")
        droppedFrames = registry.counter(
            Self.name("dropped_frames_total"), "Incomplete frames that were dropped when a session ended.")
        droppedMessages = registry.counter(
            Self.name("dropped_messages_total"), "Text messages of clients that a policy left out.")
        policyDecisions = registry.counters(
            Self.name("policy_decisions_total"), "Start messages that a policy decided on, by how it came out.",
            label: "verdict")
        policyAdjustments = registry.counters(
            Self.name("policy_adjustments_total"),
            "Fields of start messages that a policy changed or refused, by field and reason.",
            labels: ["field", "reason"], values: Self.adjustments, other: ["other", "other"])
        policyObserved = registry.counters(
            Self.name("policy_observed_total"),
            "Fields of start messages that went upstream against a policy that only observes, by field and reason.",
            labels: ["field", "reason"], values: Self.adjustments, other: ["other", "other"])
        config = ConfigMetrics(in: registry, prefix: Self.name(""), startedAt: startedAt)
        mints = registry.counters(
            Self.name("mints_total"), "Upstream tokens asked for, by outcome.", labels: ["outcome"],
            values: mintOutcomes.map { [$0] }, other: ["other"])
        mintSeconds = registry.histogram(
            Self.name("mint_seconds"), "Time that getting an upstream token took.", bounds: Histogram.networkBounds)
        connectSeconds = registry.histogram(
            Self.name("upstream_connect_seconds"), "Time from dialling the upstream to its accepted handshake.",
            bounds: Histogram.networkBounds)
        timeToReadySeconds = registry.histogram(
            Self.name("time_to_ready_seconds"), "Time from a session's opening to the upstream's ready message.",
            bounds: Histogram.networkBounds)
        sessionsLimit = registry.gauge(Self.name("sessions_limit"), "Sessions that may be open at once.")
        sessionSeconds = registry.histogram(
            Self.name("session_duration_seconds"), "How long sessions lasted.", bounds: Histogram.sessionBounds)
        firstTranscriptSeconds = registry.histogram(
            Self.name("first_transcript_seconds"), "Time from a session's first audio to its first transcript.",
            bounds: Histogram.networkBounds)
        finalDelaySeconds = registry.histogram(
            Self.name("final_delay_seconds"), "Time from the last audio before a final transcript to the transcript.",
            bounds: Histogram.networkBounds)
        rateMismatches = registry.counter(
            Self.name("audio_rate_mismatches_total"),
            "Sessions whose audio came more than 5 % slower or faster than its declared rate.")
        loopLagSeconds = registry.histogram(
            Self.name("event_loop_lag_seconds"), "How late event loops came to a task that was due.",
            bounds: Histogram.lagBounds)
        ledger = LedgerMetrics(registry: registry)
        upstream = UpstreamMetrics(registry: registry, name: Self.name)
        Self.describeProcess(in: registry, version: version, startedAt: startedAt)
    }

    private static func name(_ suffix: String) -> String { "fennec_gateway_\(suffix)" }

    private static func describeProcess(in registry: MetricsRegistry, version: String, startedAt: Int) {
        let build = registry.gauge(
            name("build_info"), "The version of the program and of the compiler that built it; always 1.",
            labels: [("version", version), ("swift", SwiftVersion.text)])
        build.set(1)
        let start = registry.gauge(
            "process_start_time_seconds", "Start time of the process since the Unix epoch in seconds.")
        start.set(startedAt)
        ProcessMetrics.register(in: registry)
    }
}
