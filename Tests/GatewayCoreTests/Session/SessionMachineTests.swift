import GatewayCore
import Testing

@Suite("The session's course")
struct SessionMachineTests {
    private typealias Event = SessionMachine.Event
    private typealias Action = SessionMachine.Action

    @Test("each situation is reached by its script", arguments: SessionSituation.allCases)
    func situations(situation: SessionSituation) {
        #expect(situation.machine().state == situation.state)
        #expect(situation.machine().deadline == situation.deadline)
    }

    @Test("every event does in every situation what the table says", arguments: SessionSituation.allCases)
    func cells(situation: SessionSituation) {
        for event in SessionTable.events {
            var machine = situation.machine()
            let cell = SessionTable.cell(situation, event)
            #expect(machine.handle(event) == cell.actions, "\(situation) × \(event)")
            #expect(machine == cell.next.machine(), "\(situation) × \(event)")
        }
    }

    @Test(
        "a gateway that goes on without ready differs at the ready deadline alone", arguments: SessionSituation.allCases
    )
    func proceeding(situation: SessionSituation) {
        for event in SessionTable.events {
            var machine = situation.machine(.proceed)
            var cell = SessionTable.cell(situation, event)
            if event == .deadlinePassed, situation.deadline == .ready {
                cell = SessionTable.cell(situation, .upstreamSaidReady)
                cell.actions.insert(.sayReady, at: 0)
            }
            #expect(machine.handle(event) == cell.actions, "\(situation) × \(event)")
            #expect(machine == cell.next.machine(.proceed), "\(situation) × \(event)")
        }
    }

    @Test("messages are taken between start and eos", arguments: SessionSituation.allCases)
    func messages(situation: SessionSituation) {
        let isBetween = [.connecting, .awaitingReady, .streaming].contains(situation)
        #expect(situation.machine().takesMessages == isBetween)
    }

    @Test("the columns of the table are every kind of event")
    func columns() {
        #expect(Set(SessionTable.events.map(Self.kind)).count == 14)
    }

    private static func kind(_ event: SessionMachine.Event) -> Int {
        switch event {
        case .clientSentStart: 0
        case .clientSentEOS: 1
        case .clientClosed: 2
        case .clientLost: 3
        case .clientFailed: 4
        case .upstreamOpened: 5
        case .upstreamRefused: 6
        case .upstreamSaidReady: 7
        case .upstreamClosed: 8
        case .upstreamLost: 9
        case .upstreamFailed: 10
        case .deadlinePassed: 11
        case .endRequested: 12
        case .killRequested: 13
        }
    }
}

@Suite("Lives of sessions")
struct SessionLivesTests {
    private static func live(
        _ events: [SessionMachine.Event], _ missingReady: MissingReady = .fail
    ) -> [SessionMachine.Action] {
        var machine = SessionMachine(missingReady: missingReady)
        return events.flatMap { machine.handle($0) }
    }

    @Test("a session that goes well ends with the upstream's own close")
    func happy() {
        let actions = Self.live([
            .upstreamOpened, .clientSentStart, .upstreamSaidReady, .clientSentEOS,
            .upstreamClosed(code: 1000, reason: "done"),
        ])
        #expect(
            actions == [
                .sendStart, .openGate, .sendEOS, .stopAudio, .stopAudio, .closeUpstream(code: 1001),
                .end(.upstreamClosed(code: 1000, reason: "done")),
            ])
    }

    @Test("a session that may not dial early dials when its start comes")
    func lateDial() {
        var machine = SessionMachine(missingReady: .fail, dialsEarly: false)
        #expect(machine.state == .awaitingStart(.gone) && machine.deadline == .start)
        let events: [SessionMachine.Event] = [.clientSentStart, .upstreamOpened, .upstreamSaidReady]
        #expect(events.flatMap { machine.handle($0) } == [.dial, .sendStart, .openGate])
    }

    @Test("an upstream that leaves before start is dialled once more, and only then")
    func secondDial() {
        #expect(
            Self.live([.upstreamOpened, .upstreamClosed(code: 1000, reason: ""), .clientSentStart, .upstreamOpened])
                == [.closeUpstream(code: 1001), .dial, .sendStart])
        #expect(
            Self.live([.upstreamOpened, .upstreamLost, .clientSentStart, .upstreamRefused(.upstreamUnreachable)]).last
                == .end(.gateway(.upstreamUnreachable)))
        #expect(
            Self.live([.upstreamOpened, .upstreamLost, .clientSentStart, .upstreamOpened, .upstreamLost]).last
                == .end(.gateway(.upstreamLost)))
    }

    @Test("word that comes twice of an upstream that left before start ends nothing")
    func lateWord() {
        #expect(Self.live([.upstreamOpened, .upstreamLost, .upstreamLost]) == [.closeUpstream(code: 1001)])
        #expect(
            Self.live([.upstreamOpened, .upstreamFailed(.upstreamStalled), .upstreamClosed(code: 1001, reason: "")])
                == [.closeUpstream(code: 1001)])
    }

    @Test("what a client said before ready is transcribed though it said eos at once")
    func heldEOS() {
        #expect(
            Self.live([.clientSentStart, .clientSentEOS, .upstreamOpened, .upstreamSaidReady])
                == [.sendEOS, .stopAudio, .sendStart, .openGate])
    }

    @Test("of an eos and a restart before ready the first decides how the session ends")
    func firstHeldDrain() {
        let begin: [SessionMachine.Event] = [.clientSentStart, .upstreamOpened]
        let close: [SessionMachine.Event] = [.upstreamSaidReady, .upstreamClosed(code: nil, reason: "")]
        #expect(
            Self.live(begin + [.clientSentEOS, .endRequested(.restart)] + close).last
                == .end(.upstreamClosed(code: 1000, reason: "")))
        #expect(
            Self.live(begin + [.endRequested(.restart), .clientSentEOS] + close).last == .end(.gateway(.restart)))
    }

    @Test("a gateway that goes on without ready says it itself and lets audio go")
    func proceeding() {
        #expect(
            Self.live([.clientSentStart, .upstreamOpened, .deadlinePassed, .upstreamSaidReady], .proceed)
                == [.sendStart, .sayReady, .openGate])
    }

    @Test("the first of several polite endings is the one that is told")
    func firstEnding() {
        let events: [SessionMachine.Event] = [
            .clientSentStart, .upstreamOpened, .upstreamSaidReady, .endRequested(.sessionTooLong),
            .endRequested(.restart), .upstreamClosed(code: 1000, reason: ""),
        ]
        #expect(Self.live(events).last == .end(.gateway(.sessionTooLong)))
    }
}
