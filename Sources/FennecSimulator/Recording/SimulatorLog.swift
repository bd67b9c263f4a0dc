import Synchronization

/// The shared memory of a stand-in: tokens, faults, counts and recordings.
final class SimulatorLog: Sendable {
    private struct State {
        var tokens: TokenBook
        var faults: FaultBook
        var statistics = SimulatorStatistics()
        var recordings: [SessionRecording] = []
        /// Recordings that were dropped from the front.
        var dropped = 0
    }

    private let state: Mutex<State>
    private let limit: Int

    init(_ configuration: SimulatorConfiguration) {
        let tokens = TokenBook(lifetime: configuration.tokenLifetimeSeconds, limit: configuration.maximumTokens)
        state = Mutex(State(tokens: tokens, faults: FaultBook(configuration.faults)))
        limit = max(1, configuration.maximumRecordings)
    }

    var statistics: SimulatorStatistics { state.withLock { $0.statistics } }
    var recordings: [SessionRecording] { state.withLock { $0.recordings } }

    /// Adds to the counts.
    func count(_ change: (inout SimulatorStatistics) -> Void) { state.withLock { change(&$0.statistics) } }

    /// The fault for the next request at `stage`.
    func nextFault(_ stage: SimulatorFault.Stage) -> SimulatorFault.Kind? { state.withLock { $0.faults.next(stage) } }

    /// A new token.
    func mint() -> String {
        let now = UnixTime.seconds()
        return state.withLock { state in
            state.statistics.tokensMinted += 1
            return state.tokens.mint(now: now)
        }
    }

    /// Accepts a token, once.
    func redeem(_ token: String?) throws(TokenBook.Refusal) -> Int {
        let now = UnixTime.seconds()
        let result = state.withLock { state in
            Result { () throws(TokenBook.Refusal) in try state.tokens.redeem(token, now: now) }
        }
        return try result.get()
    }

    /// Begins the recording of an accepted connection and returns its number.
    func open(token: Int, target: String, headers: [(name: String, value: String)]) -> Int {
        state.withLock { state in
            state.statistics.upgradesAccepted += 1
            state.statistics.sessionsActive += 1
            let number = state.statistics.upgradesAccepted
            state.recordings.append(
                SessionRecording(number: number, token: token, target: target, headers: headers))
            if state.recordings.count > limit {
                state.recordings.removeFirst()
                state.dropped += 1
            }
            return number
        }
    }

    /// Changes the recording of a connection, if it is still kept.
    func update(_ number: Int, _ change: (inout SessionRecording) -> Void) {
        state.withLock { state in
            let index = number - 1 - state.dropped
            guard state.recordings.indices.contains(index) else { return }
            change(&state.recordings[index])
        }
    }
}
