import GatewayWire
import NIOCore

/// One connection to the stream endpoint, from its handshake on. Lives on the event loop of its leg.
final class StreamSession: WebSocketOwner {
    enum Phase {
        /// → streaming, or over.
        case awaitingStart
        /// → draining at `eos` or after a single utterance, or over.
        case streaming(SpeechPipeline)
        /// → over, once all results are delivered.
        case draining
        /// Closed from either side; nothing follows.
        case over
    }

    /// Why the leg is not read.
    struct Pauses: OptionSet {
        let rawValue: Int
        static let slow = Pauses(rawValue: 1)
        static let busy = Pauses(rawValue: 2)
        static let unwritable = Pauses(rawValue: 4)
    }

    let leg: WebSocketLeg
    let context: StreamContext
    let number: Int
    let fault: SimulatorFault.Kind?
    let files: SessionFiles?
    let wantsThoughts: Bool
    var phase = Phase.awaitingStart
    var results = FinalsQueue<StreamResult>()
    var start = StartMessage.standard
    var thoughts: ThoughtCollector?
    private var ownEnding: SessionEnding?
    private var isReady = false
    private var held: [JSONValue] = []
    private(set) var closesWhenReady = false
    /// Whether a recogniser is at work on words for a partial; one at a time, and finals go first.
    var isGuessing = false
    /// The number of the last utterance that ended.
    var lastUtterance = 0
    private var audioBytes = 0
    private var pauses: Pauses = []
    private var readAgainAt = NIODeadline.now()

    init(
        leg: WebSocketLeg, context: StreamContext, number: Int, files: SessionFiles?, fault: SimulatorFault.Kind?,
        wantsThoughts: Bool
    ) {
        self.leg = leg
        self.context = context
        self.number = number
        self.files = files
        self.fault = fault
        self.wantsThoughts = wantsThoughts
    }

    func received(text: ByteBuffer, on leg: WebSocketLeg) {
        files?.text(text)
        context.log.update(number) { $0.texts.append(String(buffer: text)) }
        guard let message = try? JSONReader.read(text.readableBytesView), case .object = message else {
            if !isOver { fail("not a JSON object", code: 1003) }
            return
        }
        switch phase {
        case .awaitingStart: begin(message, bytes: text)
        case .streaming: take(message)
        case .draining, .over: break
        }
    }

    func received(binary: ByteBuffer, on leg: WebSocketLeg) {
        context.configuration.audioObserver?(binary)
        record(audio: binary)
        switch phase {
        case .awaitingStart: fail("expected a start message before audio", code: 1008)
        case .streaming(var pipeline):
            let steps = pipeline.consume(binary)
            phase = .streaming(pipeline)
            perform(steps)
        case .draining, .over: break
        }
        slowDown(after: binary.readableBytes)
        closeIfDue()
    }

    func ended(_ end: WebSocketEnd, on leg: WebSocketLeg) {
        phase = .over
        let ending = ownEnding ?? SessionEnding(end)
        files?.ended(ending)
        context.log.update(number) { $0.ending = ending }
        context.log.count { $0.sessionsActive -= 1 }
    }

    func writabilityChanged(_ isWritable: Bool, on leg: WebSocketLeg) { setPause(.unwritable, !isWritable) }

    private func record(audio: ByteBuffer) {
        audioBytes += audio.readableBytes
        files?.audio(audio)
        let keeps = context.configuration.keepsAudio
        context.log.update(number) { recording in
            recording.audioMessages += 1
            recording.audioBytes += audio.readableBytes
            if keeps { recording.audio.writeImmutableBuffer(audio) }
        }
    }
}

// MARK: - Speaking and ending

extension StreamSession {
    var isOver: Bool {
        if case .over = phase { true } else { false }
    }

    /// Sends a message; before `ready`, keeps it until then.
    func send(_ message: JSONValue) {
        guard !isOver, fault != .neverReady, !(fault == .silence && isReady) else { return }
        guard isReady else {
            held.append(message)
            return
        }
        write(message)
    }

    /// Sends `ready` and what was kept.
    func sendReady() {
        guard !isOver, fault != .neverReady else { return }
        write(ServerMessage.ready(recognizer: context.configuration.recognizerName))
        isReady = true
        held.forEach(send)
        held = []
        if closesWhenReady { close(code: 1000, reason: "") }
        closeIfDue()
    }

    /// Closes normally, but not before `ready` and what was kept have been sent.
    func closeWhenReady() {
        closesWhenReady = true
        if isReady { close(code: 1000, reason: "") }
    }

    /// Sends an error and closes.
    func fail(_ problem: String, code: UInt16) {
        write(ServerMessage.error(problem))
        close(code: code, reason: "")
    }

    func close(code: UInt16?, reason: String) {
        guard !isOver else { return }
        phase = .over
        ownEnding = .closed(code: code, reason: reason)
        // Reading must go on, or the client's answer is never seen.
        pauses = []
        leg.resumeReading()
        leg.close(code: code, reason: reason)
    }

    private func write(_ message: JSONValue) {
        guard !isOver else { return }
        leg.send(text: message.text)
        leg.flush()
        files?.sent(message)
        context.log.update(number) { $0.messagesSent += 1 }
    }

    private func closeIfDue() {
        guard isReady, !isOver else { return }
        switch fault {
        case .closeAfter(let limit, let code, let reason) where audioBytes >= limit: close(code: code, reason: reason)
        case .abortAfter(let limit) where audioBytes >= limit:
            phase = .over
            leg.abort()
        default: break
        }
    }
}

// MARK: - Pace

extension StreamSession {
    func setPause(_ pause: Pauses, _ isOn: Bool) {
        guard !isOver else { return }
        let wasPaused = !pauses.isEmpty
        if isOn { pauses.insert(pause) } else { pauses.remove(pause) }
        guard wasPaused == pauses.isEmpty else { return }
        if pauses.isEmpty { leg.resumeReading() } else { leg.pauseReading() }
    }

    private func slowDown(after bytes: Int) {
        guard case .slowReader(let rate) = fault else { return }
        let debt = TimeAmount.nanoseconds(Int64(Double(bytes) / Double(rate) * 1e9))
        readAgainAt = max(readAgainAt, .now()) + debt
        let due = readAgainAt
        setPause(.slow, true)
        leg.eventLoop.assumeIsolated().scheduleTask(deadline: due) {
            if self.readAgainAt == due { self.setPause(.slow, false) }
        }
    }
}
