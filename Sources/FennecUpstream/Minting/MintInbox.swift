import Synchronization

/// What other threads want of the minter's thread.
final class MintInbox: Sendable {
    /// What came since the last look.
    struct News: Sendable {
        var orders: [MintOrder] = []
        var cancelled: [MintID] = []
        /// Who wants to hear that the thread is alive.
        var calls: [@Sendable () -> Void] = []
        var isClosed = false
    }

    private struct State {
        var news = News()
        var lastID: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Puts an order in; `isAccepted` is false when the inbox is closed.
    func order(
        with key: Secret, timeout: Duration, completion: @escaping @Sendable (MintOutcome) -> Void
    ) -> (id: MintID, isAccepted: Bool) {
        let now = ContinuousClock.now
        return state.withLock { state in
            state.lastID += 1
            let id = MintID(number: state.lastID)
            guard !state.news.isClosed else { return (id, false) }
            state.news.orders.append(
                MintOrder(id: id, key: key, began: now, deadline: now.advanced(by: timeout), completion: completion))
            return (id, true)
        }
    }

    func cancel(_ id: MintID) {
        state.withLock { $0.news.cancelled.append(id) }
    }

    /// Has the thread call back; at once, on the caller's, when the inbox is closed.
    func call(_ answer: @escaping @Sendable () -> Void) {
        let isClosed = state.withLock { state in
            if !state.news.isClosed { state.news.calls.append(answer) }
            return state.news.isClosed
        }
        if isClosed { answer() }
    }

    func close() {
        state.withLock { $0.news.isClosed = true }
    }

    /// Takes out what came; the closing stays.
    func take() -> News {
        state.withLock { state in
            let news = state.news
            state.news.orders = []
            state.news.cancelled = []
            state.news.calls = []
            return news
        }
    }
}
