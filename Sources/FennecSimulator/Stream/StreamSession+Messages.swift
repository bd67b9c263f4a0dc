import GatewayWire
import NIOCore

extension StreamSession {
    /// The first message of a client.
    func begin(_ message: JSONValue, bytes: ByteBuffer) {
        do throws(StartMessage.Refusal) {
            start = try StartMessage(message)
        } catch {
            fail(error.problem, code: 1008)
            return
        }
        files?.start(bytes)
        context.log.update(number) { $0.start = bytes }
        if case .errorMessage(let problem) = fault {
            fail(problem, code: 1011)
            return
        }
        let detectsThoughts = wantsThoughts || start.detectsThoughts
        if detectsThoughts { thoughts = ThoughtCollector(forceAfter: start.forceCompleteTime) }
        phase = .streaming(
            SpeechPipeline(start, detectsThoughts: detectsThoughts, configuration: context.configuration))
        after(context.configuration.readyLatency) { self.sendReady() }
    }

    /// A message behind `start`.
    func take(_ message: JSONValue) {
        switch message["type"]?.string {
        case "eos": drain()
        case "start": fail("the stream has started already", code: 1008)
        case "ai_context", "thought_packet": break
        default: send(ServerMessage.error("unknown message"))
        }
    }

    /// Does something after a time, on the loop; at once when there is nothing to wait for. Never when the connection
    /// is over: a recogniser may come back after its speaker has gone, and the leg has no loop any more.
    func after(_ time: TimeAmount, _ work: @escaping () -> Void) {
        guard !isOver else { return }
        guard time > .zero else { return work() }
        leg.eventLoop.assumeIsolated().scheduleTask(in: time, work)
    }

    private func drain() {
        guard case .streaming(var pipeline) = phase else { return }
        phase = .draining
        context.log.update(number) { $0.sawEOS = true }
        perform(pipeline.finish())
        deliver(.end, to: results.reserve())
    }
}

extension StartMessage {
    /// What holds until `start` has come.
    static let standard = StartMessage()

    private init() {}
}

extension SessionEnding {
    /// How the leg tells it, when the stand-in did not end it.
    init(_ end: WebSocketEnd) {
        switch end {
        case .closed(let code, let reason): self = .closedByClient(code: code, reason: reason)
        case .lost: self = .lost
        case .violated(let violation): self = .violated(code: violation.closeCode)
        }
    }
}
