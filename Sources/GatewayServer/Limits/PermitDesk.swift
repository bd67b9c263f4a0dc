import GatewayCore
import Synchronization

/// Gives out places by rule, client and address.
final class PermitDesk: Sendable {
    private let book = Mutex(PermitBook())

    /// The first subject that has no place left; `nil` when all have.
    func obstacle(_ claims: [PermitBook.Claim]) -> PermitBook.Subject? { book.withLock { $0.obstacle(claims) } }

    /// Takes all places, or none and says which was missing.
    func take(_ claims: [PermitBook.Claim]) -> PermitBook.Subject? { book.withLock { $0.take(claims) } }

    func giveBack(_ claims: [PermitBook.Claim]) {
        book.withLock { $0.giveBack(claims) }
    }

    /// How many subjects are counted.
    var subjects: Int { book.withLock { $0.subjects } }
}

/// The places of one session. Whatever becomes of it, they are given back once: when it says so, or else when nobody
/// holds the permit any more.
final class Permit: Sendable {
    private let desk: PermitDesk
    private let registry: SessionRegistry
    private let claims: [PermitBook.Claim]
    private let hasOpened = Atomic(false)
    private let isReleased = Atomic(false)

    /// Takes the places, that in the registry too.
    init(claims: [PermitBook.Claim], desk: PermitDesk, registry: SessionRegistry) throws(Refused) {
        if let subject = desk.take(claims) { throw Refused(subject) }
        do throws(SessionRegistry.Full) {
            try registry.reserve()
        } catch {
            desk.giveBack(claims)
            throw Refused(error)
        }
        self.claims = claims
        self.desk = desk
        self.registry = registry
    }

    deinit { release() }

    /// The session opens: from here on its place in the registry is its own.
    func open() { hasOpened.store(true, ordering: .relaxed) }

    /// The session is over.
    func release() {
        guard !isReleased.exchange(true, ordering: .relaxed) else { return }
        desk.giveBack(claims)
        if !hasOpened.load(ordering: .relaxed) { registry.giveBack() }
    }
}
