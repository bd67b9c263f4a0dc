import GatewayCore

/// What every event does in every situation, written out.
enum SessionTable {
    typealias Event = SessionMachine.Event
    typealias Action = SessionMachine.Action

    /// One cell: what is done, and where the session stands then.
    struct Cell: Sendable {
        var actions: [Action]
        var next: SessionSituation

        /// The session ends so.
        static func end(_ end: SessionEnd, upstream code: UInt16) -> Cell {
            Cell(actions: [.stopAudio, .closeUpstream(code: code), .end(end)], next: .closed)
        }

        /// The gateway ends the session, and gives up the upstream.
        static func end(_ ending: Ending, upstream code: UInt16 = 1001) -> Cell {
            end(.gateway(ending), upstream: code)
        }

        static func go(_ next: SessionSituation, _ actions: Action...) -> Cell { Cell(actions: actions, next: next) }
    }

    /// The columns.
    static let events: [Event] = [
        .clientSentStart, .clientSentEOS, .clientClosed(code: 4001), .clientClosed(code: nil), .clientLost,
        .clientFailed(.notJSON, detail: "no object"), .upstreamOpened, .upstreamRefused(.tokenUnavailable),
        .upstreamSaidReady, .upstreamClosed(code: 4001, reason: "vendor"), .upstreamClosed(code: 1000, reason: ""),
        .upstreamClosed(code: nil, reason: ""), .upstreamLost, .upstreamFailed(.upstreamProtocol), .deadlinePassed,
        .endRequested(SessionSituation.politeEnding), .killRequested(.killed),
    ]

    /// The cell, for a gateway that fails sessions whose `ready` does not come.
    static func cell(_ situation: SessionSituation, _ event: Event) -> Cell {
        if situation == .closed { return .go(.closed) }
        switch event {
        case .clientSentStart: return start(situation)
        case .clientSentEOS: return eos(situation)
        case .clientClosed(let code): return .end(.clientClosed(code: code), upstream: code ?? 1000)
        case .clientLost: return .end(.clientLost, upstream: 1001)
        case .clientFailed(let ending, let detail): return .end(.gateway(ending, detail: detail), upstream: 1001)
        case .upstreamOpened: return opened(situation)
        case .upstreamSaidReady: return ready(situation)
        case .upstreamRefused(let ending), .upstreamFailed(let ending):
            return upstreamGone(situation, .gateway(ending))
        case .upstreamClosed(let code?, let reason):
            return upstreamGone(situation, .upstreamClosed(code: code, reason: reason))
        case .upstreamClosed(code: nil, _) where situation == .drainingForClient:
            return .end(.upstreamClosed(code: 1000, reason: ""), upstream: 1001)
        case .upstreamClosed, .upstreamLost: return upstreamGone(situation, .gateway(.upstreamLost))
        case .deadlinePassed: return deadline(situation)
        case .endRequested: return endRequested(situation)
        case .killRequested(let ending): return .end(ending)
        }
    }

    private static func start(_ situation: SessionSituation) -> Cell {
        switch situation {
        case .dialling: .go(.connecting)
        case .open: .go(.awaitingReady, .sendStart)
        case .gone: .go(.connecting, .dial)
        default: .end(.secondStart)
        }
    }

    private static func eos(_ situation: SessionSituation) -> Cell {
        switch situation {
        case .dialling, .open, .gone: .end(.startExpected)
        case .connecting: .go(.connectingWithEOS, .sendEOS, .stopAudio)
        case .awaitingReady: .go(.awaitingReadyWithEOS, .sendEOS, .stopAudio)
        case .streaming: .go(.drainingForClient, .sendEOS, .stopAudio)
        case .connectingWithEOS, .connectingToEnd, .awaitingReadyWithEOS, .awaitingReadyToEnd, .drainingForClient,
            .drainingForGateway, .closed:
            .go(situation)
        }
    }

    private static func opened(_ situation: SessionSituation) -> Cell {
        switch situation {
        case .dialling: .go(.open)
        case .connecting: .go(.awaitingReady, .sendStart)
        case .connectingWithEOS: .go(.awaitingReadyWithEOS, .sendStart)
        case .connectingToEnd: .go(.awaitingReadyToEnd, .sendStart)
        default: .go(situation)
        }
    }

    private static func ready(_ situation: SessionSituation) -> Cell {
        switch situation {
        case .awaitingReady: .go(.streaming, .openGate)
        case .awaitingReadyWithEOS: .go(.drainingForClient, .openGate)
        case .awaitingReadyToEnd: .go(.drainingForGateway, .openGate)
        default: .go(situation)
        }
    }

    private static func upstreamGone(_ situation: SessionSituation, _ end: SessionEnd) -> Cell {
        switch situation {
        case .open: .go(.gone, .closeUpstream(code: 1001))
        // There is no upstream: word of the old one comes late.
        case .gone: .go(.gone)
        case .connectingToEnd, .awaitingReadyToEnd: .end(SessionSituation.politeEnding)
        case .drainingForGateway: .end(SessionSituation.politeEnding, upstream: 1000)
        default: .end(end, upstream: 1001)
        }
    }

    private static func deadline(_ situation: SessionSituation) -> Cell {
        switch situation {
        case .dialling, .open, .gone: .end(.startTimeout)
        case .awaitingReady, .awaitingReadyWithEOS, .drainingForClient: .end(.upstreamTimeout)
        case .awaitingReadyToEnd: .end(SessionSituation.politeEnding)
        case .drainingForGateway: .end(SessionSituation.politeEnding, upstream: 1000)
        case .connecting, .connectingWithEOS, .connectingToEnd, .streaming, .closed: .go(situation)
        }
    }

    private static func endRequested(_ situation: SessionSituation) -> Cell {
        switch situation {
        case .dialling, .open, .gone: .end(SessionSituation.politeEnding)
        case .connecting: .go(.connectingToEnd, .sendEOS, .stopAudio)
        case .awaitingReady: .go(.awaitingReadyToEnd, .sendEOS, .stopAudio)
        case .streaming: .go(.drainingForGateway, .sendEOS, .stopAudio)
        default: .go(situation)
        }
    }
}
