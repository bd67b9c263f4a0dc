import GatewayCore
import Synchronization

/// Gives out and takes tickets: signed, so that it need not remember them, and each good once, so that it remembers
/// which were used.
final class TicketOffice: Sendable {
    private struct State {
        var secrets: TicketSecrets
        var lifetime: Duration
    }

    private let state: Mutex<State>
    private let store: AdmissionStore
    private let directory: StateDirectory?

    /// - Throws: `StateFileError` when the secrets cannot be used.
    init(lifetime: Duration, store: AdmissionStore, directory: StateDirectory?) throws(StateFileError) {
        let now = Int(WallClock.milliseconds) / 1000
        let secrets =
            if let directory { try TicketSecrets(in: directory, now: now) } else { TicketSecrets(now: now) }
        state = Mutex(State(secrets: secrets, lifetime: lifetime))
        self.store = store
        self.directory = directory
    }

    /// How long tickets last that are issued from now on, unless their order says otherwise.
    var lifetime: Duration {
        get { state.withLock { $0.lifetime } }
        set { state.withLock { $0.lifetime = newValue } }
    }

    /// Signs a ticket.
    /// - Parameters:
    ///   - ticket: Its id and its expiry are set here.
    ///   - seconds: How long it lasts; `nil` for the usual time.
    ///   - end: It lasts no longer than that, in milliseconds since 1970.
    /// - Returns: The ticket as text, and the whole seconds that it lasts.
    func issue(_ ticket: Ticket, seconds: Int? = nil, until end: Int? = nil) -> (text: String, seconds: Int) {
        state.withLock { state in
            let usual = state.lifetime.components
            let now = Int(WallClock.milliseconds)
            let wanted =
                seconds.map { $0 * 1000 } ?? Int(usual.seconds) * 1000 + Int(usual.attoseconds / 1_000_000_000_000_000)
            let life = max(0, min(wanted, end.map { $0 - now } ?? wanted))
            var ticket = ticket
            ticket.id = Digest.hexadecimal(Digest.random(16))
            ticket.expires = now + life
            let bytes = ticket.encoded
            return (Ticket.prefix + Base64URL.encode(bytes + state.secrets.sign(bytes)), life / 1000)
        }
    }

    /// What a ticket says, if it is good now; it stays so.
    func open(_ text: String) throws(Ticket.Failure) -> Ticket {
        guard let ticket = signed(text), !store.isUsed(ticket) else { throw .invalid }
        guard Int(WallClock.milliseconds) < ticket.expires else { throw .expired }
        return ticket
    }

    /// What a ticket says that was issued here, good or not; `nil` when it was not.
    func signed(_ text: String) -> Ticket? {
        guard text.hasPrefix(Ticket.prefix), let bytes = Base64URL.decode(text.dropFirst(Ticket.prefix.utf8.count)),
            bytes.count > 32
        else { return nil }
        let content = Array(bytes.dropLast(32))
        guard state.withLock({ $0.secrets.isSigned(content, with: Array(bytes.suffix(32))) }) else { return nil }
        return Ticket(content)
    }

    /// Uses a ticket up.
    func redeem(_ ticket: Ticket) throws(Ticket.Failure) {
        guard store.use(ticket) else { throw .invalid }
    }

    /// Gives the secret a successor when it is time; to be called now and then.
    /// - Throws: `StateFileError`; then the old secret goes on.
    func rotateSecrets() throws(StateFileError) {
        try state.withLock { state throws(StateFileError) in
            var next = state.secrets
            guard next.rotate(now: Int(WallClock.milliseconds) / 1000) else { return }
            if let directory { try next.save(in: directory) }
            state.secrets = next
        }
    }
}
