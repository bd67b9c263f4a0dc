import GatewayCore

/// Every point of a session's course that differs from the others in what events do there, and how to come to it.
enum SessionSituation: String, Sendable, CaseIterable {
    case dialling, open, gone
    case connecting, connectingWithEOS, connectingToEnd
    case awaitingReady, awaitingReadyWithEOS, awaitingReadyToEnd
    case streaming, drainingForClient, drainingForGateway, closed

    /// The ending that the gateway drains for in this suite.
    static let politeEnding = Ending.restart

    /// The events that lead here.
    var script: [SessionMachine.Event] {
        switch self {
        case .dialling: []
        case .open: [.upstreamOpened]
        case .gone: [.upstreamOpened, .upstreamLost]
        case .connecting: [.clientSentStart]
        case .connectingWithEOS: [.clientSentStart, .clientSentEOS]
        case .connectingToEnd: [.clientSentStart, .endRequested(Self.politeEnding)]
        case .awaitingReady: [.clientSentStart, .upstreamOpened]
        case .awaitingReadyWithEOS: [.clientSentStart, .upstreamOpened, .clientSentEOS]
        case .awaitingReadyToEnd: [.clientSentStart, .upstreamOpened, .endRequested(Self.politeEnding)]
        case .streaming: [.clientSentStart, .upstreamOpened, .upstreamSaidReady]
        case .drainingForClient: [.clientSentStart, .upstreamOpened, .upstreamSaidReady, .clientSentEOS]
        case .drainingForGateway:
            [.clientSentStart, .upstreamOpened, .upstreamSaidReady, .endRequested(Self.politeEnding)]
        case .closed: [.killRequested(.killed)]
        }
    }

    /// The state that the machine shows here.
    var state: SessionMachine.State {
        switch self {
        case .dialling: .awaitingStart(.dialling)
        case .open: .awaitingStart(.open)
        case .gone: .awaitingStart(.gone)
        case .connecting, .connectingWithEOS, .connectingToEnd: .connecting
        case .awaitingReady, .awaitingReadyWithEOS, .awaitingReadyToEnd: .awaitingReady
        case .streaming: .streaming
        case .drainingForClient: .draining(.client)
        case .drainingForGateway: .draining(.gateway(Self.politeEnding))
        case .closed: .closed
        }
    }

    /// What is measured here.
    var deadline: SessionMachine.Deadline? {
        switch self {
        case .dialling, .open, .gone: .start
        case .connecting, .connectingWithEOS, .connectingToEnd, .streaming, .closed: nil
        case .awaitingReady, .awaitingReadyWithEOS, .awaitingReadyToEnd: .ready
        case .drainingForClient, .drainingForGateway: .drain
        }
    }

    /// A machine that came here.
    func machine(_ missingReady: MissingReady = .fail) -> SessionMachine {
        var machine = SessionMachine(missingReady: missingReady)
        for event in script { _ = machine.handle(event) }
        return machine
    }
}
