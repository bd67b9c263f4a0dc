import FennecUpstream
import GatewayCore
import GatewayTelemetry
import GatewayWire
import Logging
import NIOCore

extension RelaySession {
    /// Fetches a token and opens a stream with it.
    func dial() {
        let attempt = services.connector.connect(
            on: loop, timeout: TimeAmount(settings.connectTimeout), owner: self)
        self.attempt = attempt
        attempt.onOutcome = { [weak self] result in
            guard let self else { return }
            self.attempt = nil
            switch result {
            case .success(let connection): opened(connection)
            case .failure(let failure):
                // What befalls everybody has been told once, by the observer of the upstream.
                logger.log(
                    level: failure.isShared ? .debug : .warning, "no upstream",
                    metadata: ["reason": "\(failure.ending.rawValue)", "detail": "\(failure)"])
                retryAfter = failure.retryAfter
                handle(.upstreamRefused(failure.ending))
            }
        }
    }

    private func opened(_ connection: UpstreamAttempt.Connection) {
        account.connected(mint: connection.mintMilliseconds, connect: connection.connectMilliseconds)
        upstream = connection.leg
        connection.leg.closeTimeout = TimeAmount(settings.closeTimeout)
        upstreamHeartbeat = Heartbeat()
        handle(.upstreamOpened)
    }

    /// Closes the upstream's leg, or gives up opening one.
    func closeUpstream(code: UInt16) {
        attempt?.cancel()
        attempt = nil
        pump.detachUpstream()
        guard let upstream else { return }
        // From now on it is no longer the session's: what it still says ends nothing.
        leaving = upstream
        self.upstream = nil
        upstream.close(code: code)
    }

    /// A whole text message of the upstream; unless no `start` went up yet, it is on its way to the client already.
    func upstreamSaid(_ text: ByteBuffer) {
        switch machine.state {
        case .awaitingStart, .closed: return
        default: break
        }
        let message = ServerMessage(text.readableBytesView)
        account.received(message)
        services.metrics.received(message)
        guard message.kind == .ready, machine.state == .awaitingReady else { return }
        account.serviceSaidReady()
        account.becameReady()
        tellPolicy()
        handle(.upstreamSaidReady)
    }

    /// Pings both peers; ends the session when one is dead.
    func beat() {
        noteFlow()
        if isDead(client, &clientHeartbeat) { return handle(.clientLost) }
        guard let upstream else { return }
        if isDead(upstream, &upstreamHeartbeat) {
            upstream.abort()
            handle(.upstreamLost)
        }
    }

    private func isDead(_ leg: WebSocketLeg, _ heartbeat: inout Heartbeat) -> Bool {
        let isDead = heartbeat.intervalPassed(bytesArrived: leg.hasReceivedBytes, wasPaused: leg.wasPaused)
        leg.clearActivity()
        guard !isDead else { return true }
        leg.sendPing()
        leg.flush()
        return false
    }
}

extension Duration {
    /// From a fraction of milliseconds.
    static func milliseconds(_ value: Double) -> Duration { .nanoseconds(Int64(value * 1e6)) }
}
