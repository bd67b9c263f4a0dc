import GatewayCore
import NIOCore

/// The clocks of one session. Belongs to one event loop.
final class SessionTimers {
    private let loop: any EventLoop
    private var phase: Scheduled<Void>?
    private var duration: Scheduled<Void>?
    private var idle: Scheduled<Void>?
    private var pace: Scheduled<Void>?
    private var credential: Scheduled<Void>?
    private var heartbeat: RepeatedTask?
    private var stalls: [ObjectIdentifier: Scheduled<Void>] = [:]

    init(loop: any EventLoop) {
        self.loop = loop
    }

    /// Measures the machine's deadline, in place of the last one.
    func armPhase(after time: Duration?, _ passed: @escaping () -> Void) {
        phase?.cancel()
        phase = time.map { schedule(after: $0, passed) }
    }

    /// Measures the whole session.
    func armDuration(after time: Duration, _ passed: @escaping () -> Void) {
        duration = schedule(after: time, passed)
    }

    /// Looks again whether the session idles.
    func armIdle(after time: Duration, _ passed: @escaping () -> Void) {
        idle?.cancel()
        idle = schedule(after: time, passed)
    }

    /// Measures how long a client is held back.
    func armPace(after time: Duration, _ passed: @escaping () -> Void) {
        pace?.cancel()
        pace = schedule(after: time, passed)
    }

    /// Measures how long the credential is good.
    func armCredential(after time: Duration, _ passed: @escaping () -> Void) {
        credential?.cancel()
        credential = schedule(after: time, passed)
    }

    /// Beats until `cancel`.
    func startHeartbeat(every interval: Duration, _ beat: @escaping () -> Void) {
        let time = TimeAmount(interval)
        let bound = NIOLoopBound(beat, eventLoop: loop)
        heartbeat = loop.scheduleRepeatedTask(initialDelay: time, delay: time) { _ in bound.value() }
    }

    /// Measures how long this leg refuses bytes.
    func armStall(of leg: AnyObject, after time: Duration, _ passed: @escaping () -> Void) {
        let key = ObjectIdentifier(leg)
        guard stalls[key] == nil else { return }
        stalls[key] = schedule(after: time, passed)
    }

    /// The leg takes bytes again.
    func disarmStall(of leg: AnyObject) {
        stalls.removeValue(forKey: ObjectIdentifier(leg))?.cancel()
    }

    /// Stops all clocks.
    func cancel() {
        for timer in [phase, duration, idle, pace, credential] { timer?.cancel() }
        heartbeat?.cancel()
        for timer in stalls.values { timer.cancel() }
        stalls.removeAll()
        (phase, duration, idle, pace, credential, heartbeat) = (nil, nil, nil, nil, nil, nil)
    }

    private func schedule(after time: Duration, _ task: @escaping () -> Void) -> Scheduled<Void> {
        loop.assumeIsolated().scheduleTask(in: TimeAmount(time), task)
    }
}
