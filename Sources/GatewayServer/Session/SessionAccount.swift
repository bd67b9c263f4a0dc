import GatewayCore
import GatewayTelemetry
import GatewayWire
import NIOCore

/// What a session used, and when things happened in it: counted in the metrics as it goes, and in its record at the
/// end.
struct SessionAccount {
    private let metrics: GatewayMetrics
    private let session: UInt64
    private let startedAt: Int
    private let opened = NIODeadline.now()
    private var meter = UsageMeter()
    private var lastAudio = NIODeadline.now()
    private var lastSpeech = NIODeadline.now()
    private var startSentAt: NIODeadline?
    private var countedMicroseconds = 0
    private var mint: Double?
    private var connect: Double?
    private var ready: Double?
    private var decision: PolicyUsage?

    /// - Parameter session: The session's number, for exemplars.
    init(metrics: GatewayMetrics, session: UInt64) {
        self.metrics = metrics
        self.session = session
        startedAt = Int(WallClock.milliseconds)
    }

    /// How long no audio came.
    var silence: Duration { .nanoseconds((NIODeadline.now() - lastAudio).nanoseconds) }

    /// Bytes of one second of the declared audio.
    var bytesPerSecond: Int { meter.declaredBytesPerSecond }

    mutating func decided(_ decision: PolicyDecision) {
        self.decision = PolicyUsage(decision)
        metrics.decided(decision)
    }

    mutating func started(sampleRate: Int?, channels: Int?) {
        meter.started(sampleRate: sampleRate, channels: channels)
        lastAudio = .now()
    }

    mutating func audioPassed(_ run: FrameRun) {
        lastAudio = .now()
        let time = Int((lastAudio - opened).nanoseconds / 1_000_000)
        meter.receivedAudio(bytes: run.payloadBytes, messages: run.messages, at: time)
        metrics.audioBytes.add(run.payloadBytes)
        metrics.flow.bytes[.clientToUpstream].add(run.payloadBytes)
        metrics.flow.frames[.clientToUpstream].add(run.frames)
        // The difference of totals, so that no remainder is lost.
        let microseconds = Int(meter.secondsReceived * 1e6)
        metrics.audioSeconds.add(microseconds - countedMicroseconds)
        countedMicroseconds = microseconds
    }

    /// How long the service has heard no speech.
    var speechless: Duration { .nanoseconds((NIODeadline.now() - lastSpeech).nanoseconds) }

    /// The client is read again, after a while in which nothing of it could come.
    mutating func noteReading() { lastAudio = .now() }

    mutating func received(_ message: ServerMessage) {
        if message.tellsOfSpeech { lastSpeech = .now() }
        meter.received(message, at: Int(elapsed))
        if message.kind == .final, meter.bytesReceived > 0 {
            metrics.finalDelaySeconds.observe(silence, session: session)
        }
    }

    mutating func connected(mint: Double, connect: Double) {
        self.mint = mint
        self.connect = connect
        metrics.connectSeconds.observe(.milliseconds(connect), session: session)
    }

    /// The service was sent its `start`.
    mutating func startSent() { startSentAt = .now() }

    /// The service said `ready`.
    func serviceSaidReady() {
        guard let startSentAt else { return }
        metrics.upstream.phaseSeconds[.ready].observe(
            .nanoseconds((NIODeadline.now() - startSentAt).nanoseconds), session: session)
    }

    mutating func becameReady() {
        guard ready == nil else { return }
        ready = elapsed
        lastAudio = .now()
        lastSpeech = .now()
        metrics.timeToReadySeconds.observe(.milliseconds(elapsed), session: session)
    }

    /// The account as it stands; closed when there is an end.
    func record(session: String, admitted: Admitted, end: SessionEnd? = nil, pump: RelayPump) -> UsageRecord {
        var meter = meter
        meter.forwardedAudio(bytes: pump.bytesUp)
        return UsageRecord(
            session: session, trail: admitted.trail, client: admitted.client, rule: admitted.rule,
            policy: admitted.policy.name,
            decision: decision, origin: admitted.origin, address: admitted.address, startedAt: startedAt,
            duration: Int(elapsed), meter: meter, droppedFrames: pump.droppedFrames, mintTime: mint.map { Int($0) },
            connectTime: connect.map { Int($0) }, timeToReady: ready.map { Int($0) }, endedBy: end?.side,
            closeCode: end?.closeCode, reason: end?.label)
    }

    /// What a crash must not forget of it.
    func budgeted(as admitted: Admitted) -> BudgetedSession {
        BudgetedSession(
            startedAt: startedAt, bytesPerSecond: bytesPerSecond, rule: admitted.rule, client: admitted.client)
    }

    /// Seconds of audio that came.
    var secondsReceived: Double { meter.secondsReceived }

    /// When it began, as RFC 3339 writes it.
    var startedAtText: String { UTCTime.text(Int64(startedAt)) }

    /// Milliseconds since it began.
    var elapsed: Double { Double((NIODeadline.now() - opened).nanoseconds) / 1e6 }
}
