import GatewayCore
import NIOCore
import Synchronization

/// The sessions that live, within the bound on them.
final class SessionRegistry: Sendable {
    private struct Sessions {
        var live: [String: NIOLoopBound<RelaySession>] = [:]
        /// Places taken by requests whose 101 is on its way.
        var reserved = 0
        var isLeaving = false
        var isDraining = false
        var most: Int
    }

    /// Why there is no place.
    enum Full: Error {
        case draining, full
    }

    private let sessions: Mutex<Sessions>

    init(most: Int) {
        sessions = Mutex(Sessions(most: most))
    }

    /// The most sessions at once; those above a lower bound go on.
    var most: Int {
        get { sessions.withLock { $0.most } }
        set { sessions.withLock { $0.most = newValue } }
    }

    /// How many sessions live.
    var count: Int { sessions.withLock { $0.live.count + $0.reserved } }
    /// The sessions that live, each to be used on its event loop.
    var live: [NIOLoopBound<RelaySession>] { sessions.withLock { Array($0.live.values) } }
    /// The session of this name.
    func session(id: String) -> NIOLoopBound<RelaySession>? { sessions.withLock { $0.live[id] } }
    /// Whether the gateway is about to stop, so that new sessions had better go elsewhere.
    var isLeaving: Bool { sessions.withLock { $0.isLeaving } }
    /// Whether no new session is let in any more.
    var isDraining: Bool { sessions.withLock { $0.isDraining } }

    /// Why a session would get no place now; `nil` when it would.
    var obstacle: Full? {
        sessions.withLock { $0.isDraining ? .draining : $0.live.count + $0.reserved >= $0.most ? .full : nil }
    }

    /// Takes a place; `add` or `giveBack` must follow.
    func reserve() throws(Full) {
        try sessions.withLock { sessions throws(Full) in
            if sessions.isDraining { throw .draining }
            if sessions.live.count + sessions.reserved >= sessions.most { throw .full }
            sessions.reserved += 1
        }
    }

    /// Puts a session in its reserved place.
    func add(_ session: RelaySession) {
        let bound = NIOLoopBound(session, eventLoop: session.loop)
        let isLate = sessions.withLock { sessions in
            sessions.reserved -= 1
            sessions.live[session.id] = bound
            return sessions.isDraining
        }
        if isLate { session.handle(.endRequested(.restart)) }
    }

    /// A reserved place is not needed: the connection ended before its 101.
    func giveBack() {
        sessions.withLock { $0.reserved -= 1 }
    }

    /// Forgets a session that is over.
    func remove(id: String) {
        sessions.withLock { _ = $0.live.removeValue(forKey: id) }
    }

    /// The gateway is about to stop; sessions still come and go.
    func leave() { sessions.withLock { $0.isLeaving = true } }

    /// Lets no session in any more, and asks those that live to end with their last finals.
    func drain(because ending: Ending) {
        let live = sessions.withLock { sessions in
            sessions.isLeaving = true
            sessions.isDraining = true
            return Array(sessions.live.values)
        }
        for session in live {
            session.eventLoop.execute { session.value.handle(.endRequested(ending)) }
        }
    }

    /// Ends at once whatever still lives.
    func kill(because ending: Ending) {
        for session in sessions.withLock({ Array($0.live.values) }) {
            session.eventLoop.execute { session.value.handle(.killRequested(ending)) }
        }
    }
}
