import GatewayCore
import GatewayTelemetry
import GatewayWire
import NIOCore

extension RelaySession {
    /// A whole text message of the client. It is understood and encoded afresh, never sent on as it came.
    func clientSaid(_ text: ByteBuffer) {
        guard keepsPace(text: text.readableBytes) else { return }
        let message: ClientMessage
        do throws(ClientMessageError) {
            message = try ClientMessage.decode(text.readableBytesView)
        } catch {
            return refuse(error)
        }
        switch message {
        case .start(let message): asked(message)
        case .eos: handle(.clientSentEOS)
        case .aiContext, .thoughtPacket: said(message)
        }
    }

    /// Before `start`, whatever else comes is told that a start is expected.
    private func refuse(_ error: ClientMessageError) {
        guard case .awaitingStart = machine.state else { return act(on: admitted.policy.messages.judge(error)) }
        let (ending, words) = error.asFirstMessage
        handle(.clientFailed(ending, detail: words))
    }

    /// The policy decides here, once for a session.
    private func asked(_ message: StartMessage) {
        guard case .awaitingStart = machine.state else { return handle(.clientSentStart) }
        var message = message
        if admitted.wantsThoughts, message[.detectThoughts] == nil { message[.detectThoughts] = .boolean(true) }
        let decision = admitted.policy.decide(message)
        account.decided(decision)
        guard let start = decision.message else {
            return handle(.clientFailed(.policyStartRefused, detail: decision.refusal?.message))
        }
        self.decision = decision
        account.started(sampleRate: start.sampleRate, channels: start.channels)
        limits.started(bytesPerSecond: admitted.policy.chargedBytesPerSecond(declared: account.bytesPerSecond))
        pump.isRationing = limits.allowance != nil
        pump.heldBytesBound = min(settings.earlyAudioBytes, settings.earlyAudioSeconds * account.bytesPerSecond)
        handle(.clientSentStart)
    }

    private func said(_ message: ClientMessage) {
        if case .awaitingStart = machine.state { return handle(.clientFailed(.startExpected, detail: nil)) }
        guard machine.takesMessages, let kind = message.kind else { return }
        act(on: admitted.policy.messages.judge(kind), message)
    }

    private func act(on judgement: MessageLimits.Judgement, _ message: ClientMessage? = nil) {
        switch judgement {
        case .forward: message.map { pump.sendUpstream(text: ByteBuffer(bytes: $0.encoded)) }
        case .drop: services.metrics.droppedMessages.add()
        case .refuse(let ending, let detail): handle(.clientFailed(ending, detail: detail))
        }
    }

    /// Ends the session when no audio came for the idle time; looks again when it might be so.
    func watchIdling() {
        let limit = settings.idleTimeout
        let noSpeech = admitted.terms.session.noSpeech
        // Who is held back cannot send; that it could again is seen soon enough.
        let quiet = max(limit - account.silence, limits.isHeldBack ? .seconds(1) : .zero)
        let rest = min(quiet, noSpeech.map { $0 - account.speechless } ?? limit)
        timers.armIdle(after: max(rest, .milliseconds(1))) { [weak self] in
            guard let self, machine.state == .streaming else { return }
            if account.silence >= limit, !limits.isHeldBack {
                handle(.clientFailed(.idleTimeout, detail: nil))
            } else if let noSpeech, account.speechless >= noSpeech {
                handle(.clientFailed(.idleTimeout, detail: "No speech was heard for too long."))
            } else {
                watchIdling()
            }
        }
    }
}
