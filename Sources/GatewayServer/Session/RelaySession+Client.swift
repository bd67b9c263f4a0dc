import GatewayCore
import GatewayWire
import NIOCore

extension RelaySession {
    /// A whole text message of the client. It is understood and encoded afresh, never sent on as it came.
    func clientSaid(_ text: ByteBuffer) {
        let message: ClientMessage
        do throws(ClientMessageError) {
            message = try ClientMessage.decode(text.readableBytesView)
        } catch {
            return refuse(error)
        }
        switch message {
        case .start(let message): started(message)
        case .eos: handle(.clientSentEOS)
        case .aiContext, .thoughtPacket: sendOn(message)
        }
    }

    /// Before `start`, whatever else comes is told that a start is expected.
    private func refuse(_ error: ClientMessageError) {
        if case .awaitingStart = machine.state, error.ending != .policyStartRefused {
            return handle(.clientFailed(.startExpected, detail: nil))
        }
        handle(.clientFailed(error.ending, detail: error.message))
    }

    private func started(_ message: StartMessage) {
        if start == nil {
            start = message
            account.started(sampleRate: message.sampleRate, channels: message.channels)
            pump.heldBytesBound = min(
                services.settings.earlyAudioBytes, services.settings.earlyAudioSeconds * account.bytesPerSecond)
        }
        handle(.clientSentStart)
    }

    private func sendOn(_ message: ClientMessage) {
        if case .awaitingStart = machine.state { return handle(.clientFailed(.startExpected, detail: nil)) }
        guard machine.takesMessages else { return }
        pump.sendUpstream(text: ByteBuffer(bytes: message.encoded))
    }

    /// Ends the session when no audio came for the idle time; looks again when it might be so.
    func watchIdling() {
        let limit = services.settings.idleTimeout
        timers.armIdle(after: max(limit - account.silence, .milliseconds(1))) { [weak self] in
            guard let self, machine.state == .streaming else { return }
            if account.silence >= limit {
                handle(.clientFailed(.idleTimeout, detail: nil))
            } else {
                watchIdling()
            }
        }
    }
}
