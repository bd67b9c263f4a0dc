import Synchronization

/// When a flood is to end: said once, seen from any thread.
final class FloodEnd: Sendable {
    private let state = Atomic(false)

    var hasCome: Bool { state.load(ordering: .relaxed) }

    func come() { state.store(true, ordering: .relaxed) }
}
