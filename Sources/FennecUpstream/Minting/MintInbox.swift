import Synchronization

/// What other threads want of the minter's thread.
final class MintInbox: Sendable {
    /// What came since the last look.
    struct News: Sendable {
        var orders: [MintOrder] = []
        var cancelled: [MintID] = []
        var isClosed = false
        var key: Secret
    }

    private struct State {
        var news: News
        var lastID: UInt64 = 0
    }

    private let state: Mutex<State>

    init(key: Secret) {
        state = Mutex(State(news: News(key: key)))
    }

    /// Puts an order in; `isAccepted` is false when the inbox is closed.
    func order(
        timeout: Duration, completion: @escaping @Sendable (MintOutcome) -> Void
    ) -> (id: MintID, isAccepted: Bool) {
        let now = ContinuousClock.now
        return state.withLock { state in
            state.lastID += 1
            let id = MintID(number: state.lastID)
            guard !state.news.isClosed else { return (id, false) }
            state.news.orders.append(
                MintOrder(id: id, began: now, deadline: now.advanced(by: timeout), completion: completion))
            return (id, true)
        }
    }

    func cancel(_ id: MintID) {
        state.withLock { $0.news.cancelled.append(id) }
    }

    func replaceKey(_ key: Secret) {
        state.withLock { $0.news.key = key }
    }

    func close() {
        state.withLock { $0.news.isClosed = true }
    }

    /// Takes out what came; the key and the closing stay.
    func take() -> News {
        state.withLock { state in
            let news = state.news
            state.news.orders = []
            state.news.cancelled = []
            return news
        }
    }
}
