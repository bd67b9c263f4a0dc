import Testing

@testable import GatewayCore

@Suite("Drain machine")
struct DrainMachineTests {
    /// Lead 2 s, on with sessions for 5 s, finals within 10 + 1 s, closes within 4 + 1 s.
    private static let settings = {
        var settings = SessionSettings()
        settings.drainLead = .seconds(2)
        settings.drainMax = .seconds(5)
        settings.drainTimeout = .seconds(10)
        settings.closeTimeout = .seconds(4)
        return settings
    }()

    /// One look: how things are, what is to be done, and the state after it.
    struct Look: Sendable {
        var at: Duration
        var sessions: Int
        var newcomers = 0
        var actions: [DrainMachine.Action]
        var state: DrainMachine.State
    }

    @Test(
        "each state lasts until its time is over or nobody is left",
        arguments: [
            // The lead is waited for even when nobody is here: balancers must see it.
            [
                Look(at: .zero, sessions: 0, actions: [], state: .leading),
                Look(at: .milliseconds(1999), sessions: 0, actions: [], state: .leading),
                Look(at: .seconds(2), sessions: 0, actions: [.stopAccepting, .endSessions], state: .over),
                Look(at: .seconds(3), sessions: 1, actions: [], state: .over),
            ],
            // Sessions that end by themselves.
            [
                Look(at: .seconds(2), sessions: 2, actions: [.stopAccepting], state: .waiting),
                Look(at: .seconds(4), sessions: 1, actions: [], state: .waiting),
                Look(at: .seconds(6), sessions: 0, actions: [.endSessions], state: .over),
            ],
            // Sessions that end when they are asked to.
            [
                Look(at: .seconds(2), sessions: 2, actions: [.stopAccepting], state: .waiting),
                Look(at: .milliseconds(6999), sessions: 2, actions: [], state: .waiting),
                Look(at: .seconds(7), sessions: 2, actions: [.endSessions], state: .finishing),
                Look(at: .milliseconds(17_999), sessions: 1, actions: [], state: .finishing),
                Look(at: .milliseconds(17_999), sessions: 0, actions: [], state: .over),
            ],
            // Sessions that must be cut, and a close that never comes.
            [
                Look(at: .seconds(2), sessions: 2, actions: [.stopAccepting], state: .waiting),
                Look(at: .seconds(7), sessions: 2, actions: [.endSessions], state: .finishing),
                Look(at: .seconds(18), sessions: 2, actions: [.cutSessions], state: .cutting),
                Look(at: .milliseconds(22_999), sessions: 2, actions: [], state: .cutting),
                Look(at: .seconds(23), sessions: 2, actions: [], state: .over),
            ],
            [
                Look(at: .seconds(2), sessions: 2, actions: [.stopAccepting], state: .waiting),
                Look(at: .seconds(7), sessions: 2, actions: [.endSessions], state: .finishing),
                Look(at: .seconds(18), sessions: 2, actions: [.cutSessions], state: .cutting),
                Look(at: .seconds(19), sessions: 0, actions: [], state: .over),
            ],
            // Connections that have not said anything yet are waited for, a second at most.
            [
                Look(at: .seconds(2), sessions: 0, newcomers: 1, actions: [.stopAccepting], state: .waiting),
                Look(at: .milliseconds(2999), sessions: 0, newcomers: 1, actions: [], state: .waiting),
                Look(at: .seconds(3), sessions: 0, newcomers: 1, actions: [.endSessions], state: .over),
            ],
            [
                Look(at: .seconds(2), sessions: 0, newcomers: 1, actions: [.stopAccepting], state: .waiting),
                Look(at: .milliseconds(2500), sessions: 1, newcomers: 0, actions: [], state: .waiting),
                Look(at: .seconds(7), sessions: 1, actions: [.endSessions], state: .finishing),
            ],
        ])
    func table(_ looks: [Look]) {
        var machine = DrainMachine(settings: Self.settings, at: .zero)
        for look in looks {
            #expect(
                machine.advance(sessions: look.sessions, newcomers: look.newcomers, at: look.at) == look.actions,
                "at \(look.at)")
            #expect(machine.state == look.state, "at \(look.at)")
        }
    }

    @Test("without a lead and without patience sessions are asked to end at once")
    func impatient() {
        var settings = SessionSettings()
        settings.drainMax = .zero
        var machine = DrainMachine(settings: settings, at: .seconds(100))
        #expect(machine.advance(sessions: 1, newcomers: 1, at: .seconds(100)) == [.stopAccepting, .endSessions])
        #expect(machine.state == .finishing)
    }

    @Test("the remaining time is the longest that it may take, and counts down")
    func remaining() {
        var machine = DrainMachine(settings: Self.settings, at: .zero)
        #expect(machine.remaining(at: .zero) == .seconds(23))
        #expect(machine.remaining(at: .seconds(1)) == .seconds(22))
        _ = machine.advance(sessions: 1, newcomers: 0, at: .seconds(2))
        #expect(machine.remaining(at: .seconds(2)) == .seconds(21))
        _ = machine.advance(sessions: 1, newcomers: 0, at: .seconds(7))
        #expect(machine.remaining(at: .seconds(7)) == .seconds(16))
        _ = machine.advance(sessions: 1, newcomers: 0, at: .seconds(18))
        #expect(machine.remaining(at: .seconds(20)) == .seconds(3))
        #expect(machine.remaining(at: .seconds(99)) == .zero)
        _ = machine.advance(sessions: 0, newcomers: 0, at: .seconds(21))
        #expect(machine.remaining(at: .seconds(21)) == .zero)
    }

    @Test("newcomers may take longer than drain_max, and that is part of the remaining time")
    func newcomersCount() {
        var settings = Self.settings
        settings.drainLead = .zero
        settings.drainMax = .zero
        #expect(DrainMachine(settings: settings, at: .zero).remaining(at: .zero) == .seconds(17))
    }
}
