/// What passes between clients and the service, and what waits, by direction.
package struct FlowMetrics: Sendable {
    package let bytes: CaseCounters<RelayDirection>
    package let frames: CaseCounters<RelayDirection>
    /// How long senders were not read because whom they speak to took no more.
    package let backPressureSeconds: CaseCounters<RelayDirection>
    /// What is kept of sessions whose receivers take nothing at the moment.
    package let bufferedBytes: CaseGauges<RelayDirection>

    init(registry: MetricsRegistry, name: (String) -> String) {
        bytes = registry.counters(
            name("relayed_bytes_total"), "Bytes of message payload relayed, by direction.", label: "direction")
        frames = registry.counters(
            name("relayed_frames_total"), "WebSocket data frames relayed, by direction.", label: "direction")
        backPressureSeconds = registry.secondsCounters(
            name("back_pressure_seconds_total"),
            "Time for which senders were not read because their receivers took no more, by direction.",
            label: "direction")
        bufferedBytes = registry.gauges(
            name("buffered_bytes"),
            "Bytes that wait for the service to be ready, or for a receiver that takes no more, by direction.",
            label: "direction")
    }
}
