import Synchronization

/// Brings a task's cancellation to its mint, whichever of the two comes first.
final class PendingMint: Sendable {
    private enum State {
        /// Next: `begun`, `cancelled`.
        case idle
        /// Next: `cancelled`.
        case begun(MintID)
        case cancelled
    }

    private let minter: TokenMinter
    private let state = Mutex(State.idle)

    init(minter: TokenMinter) {
        self.minter = minter
    }

    func begin(_ id: MintID) {
        let isCancelled = state.withLock { state in
            if case .cancelled = state { return true }
            state = .begun(id)
            return false
        }
        if isCancelled { minter.cancel(id) }
    }

    func cancel() {
        let begun: MintID? = state.withLock { state in
            defer { state = .cancelled }
            if case .begun(let id) = state { return id }
            return nil
        }
        if let begun { minter.cancel(begun) }
    }
}
