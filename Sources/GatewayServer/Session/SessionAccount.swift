import GatewayCore
import GatewayTelemetry
import GatewayWire
import Glibc
import NIOCore

/// What a session used, and when things happened in it: counted in the metrics as it goes, and in its record at the
/// end.
struct SessionAccount {
    private let metrics: GatewayMetrics
    private let startedAt: Int
    private let opened = NIODeadline.now()
    private var meter = UsageMeter()
    private var lastAudio = NIODeadline.now()
    private var countedMicroseconds = 0
    private var mint: Double?
    private var connect: Double?
    private var ready: Double?
    private var decision: PolicyUsage?
    /// Bytes of one second of the declared audio.
    private(set) var bytesPerSecond = 32_000

    init(metrics: GatewayMetrics) {
        self.metrics = metrics
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        startedAt = now.tv_sec * 1000 + now.tv_nsec / 1_000_000
    }

    /// How long no audio came.
    var silence: Duration { .nanoseconds((NIODeadline.now() - lastAudio).nanoseconds) }

    mutating func decided(_ decision: PolicyDecision) {
        self.decision = PolicyUsage(decision)
        metrics.decided(decision)
    }

    mutating func started(sampleRate: Int?, channels: Int?) {
        meter.started(sampleRate: sampleRate, channels: channels)
        bytesPerSecond = max(1, min(max(sampleRate ?? 16_000, 1), 384_000) * min(max(channels ?? 1, 1), 32) * 2)
        lastAudio = .now()
    }

    mutating func audioPassed(_ run: FrameRun) {
        lastAudio = .now()
        meter.receivedAudio(bytes: run.payloadBytes, messages: run.messages)
        metrics.audioBytes.add(run.payloadBytes)
        metrics.relayedBytes[.clientToUpstream].add(run.payloadBytes)
        // The difference of totals, so that no remainder is lost.
        let microseconds = Int(meter.secondsReceived * 1e6)
        metrics.audioSeconds.add(microseconds - countedMicroseconds)
        countedMicroseconds = microseconds
    }

    mutating func received(_ message: ServerMessage) {
        meter.received(message)
    }

    mutating func connected(mint: Double, connect: Double) {
        self.mint = mint
        self.connect = connect
        metrics.connectSeconds.observe(.milliseconds(connect))
    }

    mutating func becameReady() {
        guard ready == nil else { return }
        ready = elapsed
        lastAudio = .now()
        metrics.timeToReadySeconds.observe(.milliseconds(elapsed))
    }

    /// The account, closed.
    mutating func record(session: String, admitted: Admitted, end: SessionEnd, pump: RelayPump) -> UsageRecord {
        meter.forwardedAudio(bytes: pump.bytesUp)
        metrics.droppedFrames.add(pump.droppedFrames)
        return UsageRecord(
            session: session, client: admitted.client, rule: admitted.rule, policy: admitted.policy.name,
            decision: decision, startedAt: startedAt, duration: Int(elapsed), meter: meter,
            mintTime: mint.map { Int($0) }, connectTime: connect.map { Int($0) }, timeToReady: ready.map { Int($0) },
            endedBy: end.side, closeCode: end.closeCode, reason: end.label)
    }

    private var elapsed: Double { Double((NIODeadline.now() - opened).nanoseconds) / 1e6 }
}
