import FennecUpstream
import GatewayCore
import GatewayTelemetry
import GatewayWire
import Logging
import NIOCore

/// One session: the imperative shell around `SessionMachine`. It owns both legs and their pump, measures time, and
/// writes the account. Belongs to one event loop.
final class RelaySession: WebSocketOwner, RelayPump.Observer {
    let id: String
    let services: SessionServices
    let admitted: Admitted
    let client: WebSocketLeg
    let pump: RelayPump
    let loop: any EventLoop
    let timers: SessionTimers
    let desk: AdmissionDesk
    /// Told once both legs are gone.
    let over: () -> Void

    var machine: SessionMachine
    /// What the policy made of the client's `start`.
    var decision: PolicyDecision?
    var attempt: UpstreamAttempt?
    var upstream: WebSocketLeg?
    /// The upstream's leg that is being closed.
    var leaving: WebSocketLeg?
    var account: SessionAccount
    private var flow: SessionFlow
    var limits: SessionMeters
    /// When coming back may help, as far as the upstream's failure tells.
    var retryAfter: Duration?
    var clientHeartbeat = Heartbeat()
    var upstreamHeartbeat = Heartbeat()
    /// Whether its upstream is dialled, or open, before `start` has come.
    private var holdsEarlyPlace: Bool
    private var isClientGone = false
    private var isOver = false

    init(
        id: SessionID, client: WebSocketLeg, admitted: Admitted, services: SessionServices, desk: AdmissionDesk,
        over: @escaping () -> Void
    ) {
        self.id = id.description
        self.services = services
        self.admitted = admitted
        self.client = client
        self.loop = client.eventLoop
        self.desk = desk
        self.over = over
        self.timers = SessionTimers(loop: client.eventLoop)
        holdsEarlyPlace = services.earlyConnections.take()
        self.machine = SessionMachine(missingReady: admitted.settings.missingReady, dialsEarly: holdsEarlyPlace)
        self.account = SessionAccount(metrics: services.metrics, session: id.number)
        self.limits = SessionMeters(admitted.terms)
        self.flow = SessionFlow(metrics: services.metrics.flow)
        self.pump = RelayPump(
            client: client, heldBytesBound: admitted.settings.earlyAudioBytes, masksAnew: services.masksAnew)
    }

    /// Its deadlines and bounds.
    var settings: SessionSettings { admitted.settings }

    /// Begins: the client's leg is open; where there is a place, the upstream is dialled at once, before `start` comes.
    func begin() {
        services.metrics.sessionOpened(rule: admitted.rule)
        client.owner = self
        client.sink = pump
        pump.observer = self
        if holdsEarlyPlace { dial() }
        armPhase()
        timers.armDuration(after: settings.maxDuration) { [weak self] in
            self?.handle(.endRequested(.sessionTooLong))
        }
        watchCredential()
        timers.startHeartbeat(every: settings.pingInterval) { [weak self] in self?.beat() }
    }

    /// Takes an event through the machine.
    func handle(_ event: SessionMachine.Event) {
        let deadline = machine.deadline
        let state = machine.state
        let actions = machine.handle(event)
        for action in actions { carryOut(action) }
        leaveEarlyPlace()
        if machine.deadline != deadline { armPhase() }
        if machine.state == .streaming, state != .streaming {
            watchIdling()
            warnOfExpiry()
        }
        noteFlow()
    }

    /// Has what waits counted, as often as it may have changed.
    func noteFlow() {
        if machine.state == .closed { flow.end() } else { flow.look(at: pump) }
    }

    /// The place is another's once nothing waits for `start` here any more.
    private func leaveEarlyPlace() {
        switch machine.state {
        case .awaitingStart(.dialling), .awaitingStart(.open): break
        default:
            guard holdsEarlyPlace else { return }
            holdsEarlyPlace = false
            services.earlyConnections.giveBack()
        }
    }

    private func carryOut(_ action: SessionMachine.Action) {
        switch action {
        case .dial: dial()
        case .sendStart: sendStart()
        case .sayReady:
            account.becameReady()
            pump.sendClient(text: ByteBuffer(string: SessionMessages.ready))
            tellPolicy()
            client.flush()
        case .openGate:
            heldAudioGoesOn()
            pump.open()
        case .sendEOS:
            pump.sendUpstream(text: ByteBuffer(bytes: ClientMessage.eos.encoded))
            upstream?.flush()
        case .stopAudio: pump.shut()
        case .closeUpstream(let code): closeUpstream(code: code)
        case .end(let end): conclude(end)
        }
    }

    private func armPhase() {
        let time: Duration? =
            switch machine.deadline {
            case .start: settings.startTimeout
            case .ready: settings.readyTimeout
            case .drain: settings.drainTimeout
            case nil: nil
            }
        timers.armPhase(after: time) { [weak self] in self?.handle(.deadlinePassed) }
    }

    private func sendStart() {
        guard let start = decision?.message, let upstream else { return }
        account.startSent()
        // What it said before answers nobody, and another upstream may yet take its place.
        pump.attach(upstream: upstream)
        upstream.send(text: ByteBuffer(bytes: ClientMessage.start(start).encoded))
        upstream.flush()
    }

    /// Right behind `ready`, for a client that asked for events.
    func tellPolicy() {
        guard let decision, wantsEvents else { return }
        pump.sendClient(text: ByteBuffer(bytes: decision.event.encoded))
    }

    /// Whether the client asked for the gateway's events.
    var wantsEvents: Bool { admitted.wantsEvents || decision?.message?.wantsGatewayEvents == true }

    private func conclude(_ end: SessionEnd) {
        timers.cancel()
        if let ending = end.ending, !pump.isClientInsideMessage {
            client.send(
                text: SessionMessages.error(
                    ending, session: id, detail: end.detail ?? limits.words(for: ending), retryAfter: retryAfter,
                    jitter: .random(in: 0..<1)))
        }
        if let code = end.closeCode { client.close(code: code, reason: end.closeReason) }
        if end == .clientLost { client.abort() }
        let record = account.record(session: id, admitted: admitted, end: end, pump: pump)
        services.metrics.sessionEnded(record)
        services.ledger?.end(record)
        settleLimits()
        warnOfRate(record.meter)
        services.sessionLog.write(record)
        finishIfBothGone()
    }

    /// The account so far; `nil` when it is closed.
    var standing: UsageRecord? {
        machine.state == .closed ? nil : account.record(session: id, admitted: admitted, pump: pump)
    }

    // MARK: What the legs tell

    func received(text: ByteBuffer, on leg: WebSocketLeg) {
        if leg === client { clientSaid(text) } else if leg === upstream { upstreamSaid(text) }
    }

    func received(binary: ByteBuffer, on leg: WebSocketLeg) {
        // Binary frames go through the pump; an endpoint leg has none of them.
    }

    func audioPassed(_ run: FrameRun) {
        if case .awaitingStart = machine.state { return handle(.clientFailed(.startExpected, detail: nil)) }
        account.audioPassed(run)
        if pump.gate == .holding { noteFlow() }
        keepPace(run)
    }

    func messagesPassed(_ run: FrameRun) {
        services.metrics.flow.bytes[.upstreamToClient].add(run.payloadBytes)
        services.metrics.flow.frames[.upstreamToClient].add(run.frames)
    }

    func willClose(for violation: WebSocketViolation, on leg: WebSocketLeg) {
        guard leg === client, !pump.isClientInsideMessage else { return }
        leg.send(text: SessionMessages.error(violation.ending, session: id, detail: nil, jitter: 0))
    }

    func ended(_ end: WebSocketEnd, on leg: WebSocketLeg) {
        if leg === client {
            isClientGone = true
            switch end {
            case .closed(let code, _): handle(.clientClosed(code: code))
            case .lost: handle(.clientLost)
            case .violated(let violation): handle(.clientFailed(violation.ending, detail: nil))
            }
        } else if leg === leaving {
            leaving = nil
        } else if leg === upstream {
            upstream = nil
            pump.detachUpstream()
            switch end {
            case .closed(let code, let reason): handle(.upstreamClosed(code: code, reason: reason))
            case .lost: handle(.upstreamLost)
            case .violated: handle(.upstreamFailed(.upstreamProtocol))
            }
        }
        finishIfBothGone()
    }

    func writabilityChanged(_ isWritable: Bool, on leg: WebSocketLeg) {
        pump.writabilityChanged(of: leg)
        noteFlow()
        guard !isWritable else { return timers.disarmStall(of: leg) }
        guard machine.state != .closed else { return }
        timers.armStall(of: leg, after: settings.writeTimeout) { [weak self, weak leg] in
            guard let self, let leg else { return }
            handle(leg === client ? .clientFailed(.clientStalled, detail: nil) : .upstreamFailed(.upstreamStalled))
        }
    }

    private func finishIfBothGone() {
        guard isClientGone, upstream == nil, leaving == nil, machine.state == .closed, !isOver else { return }
        isOver = true
        over()
        admitted.permit.release()
    }
}

extension WebSocketViolation {
    /// How a client's violation ends its session.
    var ending: Ending {
        switch self {
        case .protocolError: .protocolViolation
        case .invalidUTF8: .invalidUTF8
        case .messageTooBig: .messageTooBig
        }
    }
}
