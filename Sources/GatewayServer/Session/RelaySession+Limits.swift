import GatewayCore
import GatewayWire
import NIOCore

extension RelaySession {
    /// Whether the budgets have audio for another frame: reserved first, and only then sent on.
    func mayPass(_ payloadBytes: Int) -> Bool {
        guard var allowance = limits.allowance else { return true }
        defer { limits.allowance = allowance }
        let goesOn = pump.gate == .flowing
        if allowance.take(payloadBytes) {
            if goesOn, allowance.goOn() { desk.store.note(allowance, id: id) }
            return true
        }
        do throws(BudgetBook.Exhausted) {
            warn(
                of: try desk.store.exchange(
                    &allowance, for: payloadBytes, from: limits.terms.budgets, of: account.budgeted(as: admitted),
                    id: id, goesOn: goesOn))
            return true
        } catch {
            limits.exhausted = error
            return false
        }
    }

    /// What was held goes on now.
    func heldAudioGoesOn() {
        guard var allowance = limits.allowance, allowance.goOn() else { return }
        limits.allowance = allowance
        desk.store.note(allowance, id: id)
    }

    /// The budget is used up: the session ends at this place, with what was said before it.
    func audioRefused() {
        handle(.endRequested(.quotaExhausted))
    }

    /// Tells a client that asked for events, once, that its budget comes to an end.
    private func warn(of slice: BudgetBook.Slice) {
        guard slice.share >= limits.terms.warnAt, !limits.hasWarned, machine.state == .streaming, wantsEvents else {
            return
        }
        limits.hasWarned = true
        pump.sendClient(
            text: ByteBuffer(string: SessionMessages.quotaWarning(share: slice.share, accounts: slice.accounts)))
    }

    /// Ends the session when its credential does, after a warning.
    func watchCredential() {
        guard let endsAt = admitted.endsAt else { return }
        let left = Duration.milliseconds(max(0, Int64(endsAt) - WallClock.milliseconds))
        timers.armCredential(after: max(.zero, left - SessionMeters.expiryNotice)) { [weak self] in
            guard let self else { return }
            warnOfExpiry()
            timers.armCredential(after: min(left, SessionMeters.expiryNotice)) { [weak self] in
                self?.handle(.endRequested(.credentialExpired))
            }
        }
    }

    /// Tells a client that asked for events, once, that its credential is about to expire.
    func warnOfExpiry() {
        guard let endsAt = admitted.endsAt, !limits.hasWarnedOfExpiry, machine.state == .streaming, wantsEvents,
            Int64(endsAt) - WallClock.milliseconds <= Int64(SessionMeters.expiryNotice / .milliseconds(1))
        else { return }
        limits.hasWarnedOfExpiry = true
        pump.sendClient(text: ByteBuffer(string: SessionMessages.expiryWarning(endsAt: Int64(endsAt))))
        client.flush()
    }

    /// Holds back a client that sends faster than it may, and ends one that will not be held back.
    func keepPace(_ run: FrameRun) {
        guard var pace = limits.pace, case .streaming = machine.state else { return }
        let audio = Duration.nanoseconds(Int64(Double(run.payloadBytes) * 1e9 / Double(limits.bytesPerSecond)))
        let verdict = pace.received(audio, now: .uptime)
        limits.pace = pace
        switch verdict {
        case .fine: break
        case .tooFast: handle(.clientFailed(.audioTooFast, detail: nil))
        case .holdBack(let time): holdBack(for: time)
        }
    }

    /// Whether a text message of the client's may be looked at: each costs the service, other clients and this gateway
    /// something, and no budget counts them. Who sends too many is held back first.
    func keepsPace(text bytes: Int) -> Bool {
        switch limits.texts.received(bytes: bytes, now: .uptime) {
        case .fine: return true
        case .holdBack(let time):
            holdBack(for: time)
            return true
        case .tooFast:
            handle(.clientFailed(.policyMessageRefused, detail: TextPace.words))
            return false
        }
    }

    /// Audio and texts are held back by one pause: the longer one counts.
    private func holdBack(for time: Duration) {
        let until = Duration.uptime + time
        guard !limits.isHeldBack || until > limits.heldBackUntil else { return }
        limits.heldBackUntil = until
        limits.isHeldBack = true
        client.pauseReading(.pace)
        timers.armPace(after: time) { [weak self] in
            guard let self else { return }
            limits.isHeldBack = false
            account.noteReading()
            client.resumeReading(.pace)
        }
    }

    /// Gives back what is not needed, once nothing more goes on.
    func settleLimits() {
        if var allowance = limits.allowance {
            desk.store.settle(&allowance, id: id, forwarded: pump.bytesUp)
            limits.allowance = nil
            pump.isRationing = false
        }
        guard let device = admitted.device else { return }
        let audio = Int(Double(pump.bytesUp) * 1000 / Double(account.bytesPerSecond))
        desk.devices?.noteUse(of: device.name, sessions: 1, audio: audio)
    }
}
