/// The facts of a usage record, in the order in which a log shows them. The names are those of the log's fields and
/// of the ledger's columns; they end in their unit.
package enum UsageField: String, Sendable, CaseIterable {
    case session
    case requestID = "request_id"
    case traceID = "trace_id"
    case client, rule, policy, verdict, adjusted, observed, adjustments, origin, address
    case startedAt = "started_at_ms"
    case duration = "duration_ms"
    case audioSeconds = "audio_seconds"
    case audioBytes = "audio_bytes"
    case forwardedSeconds = "forwarded_seconds"
    case forwardedBytes = "forwarded_bytes"
    case frames
    case droppedFrames = "dropped_frames"
    case speechSeconds = "speech_seconds"
    case silenceSeconds = "silence_seconds"
    case utterances, finals, partials, words, characters
    case upstreamErrors = "upstream_errors"
    case mint = "mint_ms"
    case connect = "connect_ms"
    case ready = "ready_ms"
    case firstTranscript = "first_transcript_ms"
    case finalDelayMedian = "final_delay_median_ms"
    case finalDelayMax = "final_delay_max_ms"
    case declaredRate = "declared_bytes_per_second"
    case observedRate = "observed_bytes_per_second"
    case endedBy = "ended_by"
    case closeCode = "close_code"
    case reason
}
