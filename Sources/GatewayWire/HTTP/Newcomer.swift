import Synchronization

/// A number that many connections change.
final class Counted: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    fileprivate func add(_ number: Int) { count.add(number, ordering: .relaxed) }
}

/// Counts a connection from its accept until its first request is being answered, or until it is gone.
final class Newcomer {
    private var count: Counted?

    init(among count: Counted) {
        self.count = count
        count.add(1)
    }

    deinit { settle() }

    /// It is none any more.
    func settle() {
        count?.add(-1)
        count = nil
    }
}
