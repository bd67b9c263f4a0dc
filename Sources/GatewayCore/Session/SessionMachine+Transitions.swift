extension SessionMachine {
    mutating func clientSentStart() -> [Action] {
        switch state {
        case .awaitingStart(.dialling):
            state = .connecting
            return []
        case .awaitingStart(.open):
            state = .awaitingReady
            return [.sendStart]
        case .awaitingStart(.gone):
            state = .connecting
            return [.dial]
        case .connecting, .awaitingReady, .streaming, .draining:
            return close(.gateway(.secondStart), upstream: 1001)
        case .closed: return []
        }
    }

    mutating func clientSentEOS() -> [Action] {
        switch state {
        case .awaitingStart: return close(.gateway(.startExpected), upstream: 1001)
        case .connecting, .awaitingReady:
            guard heldDrain == nil else { return [] }
            heldDrain = .client
            return [.sendEOS, .stopAudio]
        case .streaming:
            state = .draining(.client)
            return [.sendEOS, .stopAudio]
        case .draining, .closed: return []
        }
    }

    mutating func upstreamOpened() -> [Action] {
        switch state {
        case .awaitingStart:
            state = .awaitingStart(.open)
            return []
        case .connecting:
            state = .awaitingReady
            return [.sendStart]
        case .awaitingReady, .streaming, .draining, .closed: return []
        }
    }

    /// `ready` came, or is taken for granted.
    mutating func begin() -> [Action] {
        state = heldDrain.map(State.draining) ?? .streaming
        return [.openGate]
    }

    mutating func deadlinePassed() -> [Action] {
        switch state {
        case .awaitingStart: return close(.gateway(.startTimeout), upstream: 1001)
        case .awaitingReady where missingReady == .proceed: return [.sayReady] + begin()
        case .awaitingReady, .draining(.client): return upstreamEnded(.gateway(.upstreamTimeout))
        case .draining(.gateway(let ending)): return close(.gateway(ending), upstream: 1000)
        case .connecting, .streaming, .closed: return []
        }
    }

    mutating func upstreamClosed(code: UInt16?, reason: String) -> [Action] {
        if case .draining = state { return upstreamEnded(.upstreamClosed(code: code ?? 1000, reason: reason)) }
        guard let code else { return upstreamEnded(.gateway(.upstreamLost)) }
        return upstreamEnded(.upstreamClosed(code: code, reason: reason))
    }

    /// The upstream is gone; `end` says how that ends a session that needed it.
    mutating func upstreamEnded(_ end: SessionEnd) -> [Action] {
        switch state {
        case .awaitingStart(.open):
            // Nobody spoke yet, so nothing is lost: the client's `start` gets a fresh upstream.
            state = .awaitingStart(.gone)
            return [.closeUpstream(code: 1001)]
        case .draining(.gateway(let ending)): return close(.gateway(ending), upstream: 1000)
        case .awaitingStart, .connecting, .awaitingReady, .streaming, .draining(.client):
            if case .gateway(let ending) = heldDrain { return close(.gateway(ending), upstream: 1001) }
            return close(end, upstream: 1001)
        case .closed: return []
        }
    }

    mutating func endRequested(_ ending: Ending) -> [Action] {
        switch state {
        case .streaming:
            state = .draining(.gateway(ending))
            return [.sendEOS, .stopAudio]
        // A client that has said its last word gets its finals and the usual close.
        case .draining, .closed: return []
        case .connecting, .awaitingReady:
            // What the client has said already is still transcribed.
            guard heldDrain == nil else { return [] }
            heldDrain = .gateway(ending)
            return [.sendEOS, .stopAudio]
        case .awaitingStart: return close(.gateway(ending), upstream: 1001)
        }
    }

    mutating func close(_ end: SessionEnd, upstream code: UInt16) -> [Action] {
        state = .closed
        return [.stopAudio, .closeUpstream(code: code), .end(end)]
    }
}
