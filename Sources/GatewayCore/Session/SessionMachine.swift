/// The course of one session: what each side's events make the gateway do. It holds no bytes and no clock; deadlines
/// are named, and the shell measures them.
package struct SessionMachine: Sendable, Equatable {
    /// Where the session stands.
    package enum State: Sendable, Equatable {
        /// The client's `start` is awaited while the upstream is being dialled. Next: `connecting`, `awaitingReady`,
        /// `closed`.
        case awaitingStart(UpstreamLink)
        /// `start` is here, the upstream is not open yet. Next: `awaitingReady`, `closed`.
        case connecting
        /// `start` was sent on, the upstream's `ready` is awaited. Next: `streaming`, `draining`, `closed`.
        case awaitingReady
        /// Audio flows. Next: `draining`, `closed`.
        case streaming
        /// `eos` was sent on, the last finals and the upstream's close are awaited. Next: `closed`.
        case draining(Drain)
        /// Over. Next: none.
        case closed
    }

    /// The upstream, as long as the client has not started.
    package enum UpstreamLink: Sendable, Equatable {
        /// A token is fetched and the connection is being made. Next: `open`.
        case dialling
        /// Open and waiting for `start`. Next: `gone`.
        case open
        /// Not dialled yet, or it ended while nobody had started; it is dialled when `start` comes. Next: none.
        case gone
    }

    /// Why the last finals are awaited.
    package enum Drain: Sendable, Equatable {
        /// The client sent `eos`.
        case client
        /// The gateway ends the session, politely.
        case gateway(Ending)
    }

    /// What the shell measures; at most one at a time.
    package enum Deadline: Sendable, Equatable {
        /// From the 101 to `start`.
        case start
        /// From `start` sent on to `ready`.
        case ready
        /// From `eos` sent on to the upstream's close.
        case drain
    }

    /// What happened.
    package enum Event: Sendable, Equatable {
        case clientSentStart
        case clientSentEOS
        /// The client's close frame came and has been answered.
        case clientClosed(code: UInt16?)
        case clientLost
        /// A client did what ends a session: broke the protocol, sent a message that is refused, stalled.
        case clientFailed(Ending, detail: String?)
        case upstreamOpened
        /// No token or no connection.
        case upstreamRefused(Ending)
        case upstreamSaidReady
        /// The upstream's close frame came; `code` is `nil` when it had none.
        case upstreamClosed(code: UInt16?, reason: String)
        case upstreamLost
        /// It broke the protocol or stopped reading.
        case upstreamFailed(Ending)
        case deadlinePassed
        /// The operator, a limit or a restart ends the session after its last finals.
        case endRequested(Ending)
        /// The session must end at once.
        case killRequested(Ending)
    }

    /// What to do now, in order.
    package enum Action: Sendable, Equatable {
        /// Fetch a token and dial once more.
        case dial
        /// Send the limited `start` upstream.
        case sendStart
        /// Say `ready` to the client in the upstream's stead.
        case sayReady
        /// Send what was held, and let audio flow.
        case openGate
        /// Send `eos` upstream, at its place behind the audio.
        case sendEOS
        /// Drop audio from now on.
        case stopAudio
        /// Close the upstream or give up dialling it.
        case closeUpstream(code: UInt16)
        /// Tell the client, account for the session: it is over.
        case end(SessionEnd)
    }

    package internal(set) var state: State = .awaitingStart(.dialling)
    let missingReady: MissingReady
    /// Why the session drains as soon as the upstream is ready: an `eos` stands behind the audio that is held.
    var heldDrain: Drain?

    /// A session whose client has been let in.
    /// - Parameter dialsEarly: Whether its upstream is being dialled; otherwise that waits for `start`.
    package init(missingReady: MissingReady, dialsEarly: Bool = true) {
        self.missingReady = missingReady
        if !dialsEarly { state = .awaitingStart(.gone) }
    }

    /// What the shell must measure in this state; a new deadline starts when this changes.
    package var deadline: Deadline? {
        switch state {
        case .awaitingStart: .start
        case .awaitingReady: .ready
        case .draining: .drain
        case .connecting, .streaming, .closed: nil
        }
    }

    /// Whether a client's message may still go upstream: `start` is here, and no `eos` stands in the order yet.
    package var takesMessages: Bool {
        switch state {
        case .connecting, .awaitingReady: heldDrain == nil
        case .streaming: true
        case .awaitingStart, .draining, .closed: false
        }
    }

    /// Takes an event; says what to do. After `closed` nothing is done.
    package mutating func handle(_ event: Event) -> [Action] {
        guard state != .closed else { return [] }
        switch event {
        case .clientSentStart: return clientSentStart()
        case .clientSentEOS: return clientSentEOS()
        case .upstreamOpened: return upstreamOpened()
        case .upstreamSaidReady: return state == .awaitingReady ? begin() : []
        case .deadlinePassed: return deadlinePassed()
        case .clientClosed(let code): return close(.clientClosed(code: code), upstream: code ?? 1000)
        case .clientLost: return close(.clientLost, upstream: 1001)
        case .clientFailed(let ending, let detail): return close(.gateway(ending, detail: detail), upstream: 1001)
        case .upstreamRefused(let ending), .upstreamFailed(let ending): return upstreamEnded(.gateway(ending))
        case .upstreamLost: return upstreamEnded(.gateway(.upstreamLost))
        case .upstreamClosed(let code, let reason): return upstreamClosed(code: code, reason: reason)
        case .endRequested(let ending): return endRequested(ending)
        case .killRequested(let ending): return close(.gateway(ending), upstream: 1001)
        }
    }
}
