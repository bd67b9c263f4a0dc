import GatewayCore
import Logging
import Synchronization

/// Used tickets and used audio: decided in memory under one lock, written down before anybody acts on it.
final class AdmissionStore: Sendable {
    private struct State: ~Copyable {
        var tickets = UsedTickets()
        var budgets = BudgetBook()
        var journal: AdmissionJournal?
        var lastComplaint: Int?
    }

    private let state: Mutex<State>
    private let logger: Logger

    /// - Parameter directory: `nil` keeps everything in memory alone.
    /// - Throws: `StateFileError` when the file cannot be used.
    init(directory: StateDirectory?, logger: Logger) throws(StateFileError) {
        self.logger = logger
        var fresh = State()
        if let directory {
            var notes: [AdmissionNote] = []
            var journal = try AdmissionJournal(in: directory) { notes.append($0) }
            let now = Int(WallClock.milliseconds)
            for note in notes {
                switch note {
                case .ticketUsed(let id, let expires): _ = fresh.tickets.use(id, expires: expires, now: now)
                case .audioUsed(let account, let amount): fresh.budgets.restore(account, used: amount)
                }
            }
            try journal.rewrite(Self.notes(&fresh, now: now))
            fresh.journal = consume journal
        }
        state = Mutex(fresh)
    }

    /// Uses a ticket up; `false` when it was used before.
    func use(_ ticket: Ticket) -> Bool {
        state.withLock { state in
            guard state.tickets.use(ticket.id, expires: ticket.expires, now: Int(WallClock.milliseconds)) else {
                return false
            }
            write([.ticketUsed(id: ticket.id, expires: ticket.expires)], &state)
            return true
        }
    }

    /// Whether a ticket was used.
    func isUsed(_ ticket: Ticket) -> Bool { state.withLock { $0.tickets.contains(ticket.id) } }

    /// Reserves a slice for a frame, in place of what lies unused.
    func exchange(
        _ allowance: inout AudioAllowance, for count: Int, from budgets: [BudgetBook.Budget]
    ) throws(BudgetBook.Exhausted) -> BudgetBook.Slice {
        let length = max(1, allowance.length(of: count))
        let (rest, accounts) = (allowance.rest, allowance.accounts)
        let slice = try state.withLock { state throws(BudgetBook.Exhausted) in
            let slice = try state.budgets.exchange(
                rest, of: accounts, for: budgets, wanted: AudioAllowance.slice, least: length,
                now: Int(WallClock.milliseconds))
            write(Self.notes(of: Set(accounts + slice.accounts), state.budgets), &state)
            return slice
        }
        allowance.replace(with: slice)
        return slice
    }

    /// Gives back what a session has not used.
    func giveBack(_ amount: Int, to accounts: [BudgetBook.Account]) {
        guard amount > 0 else { return }
        state.withLock { state in
            state.budgets.giveBack(amount, to: accounts)
            write(Self.notes(of: Set(accounts), state.budgets), &state)
        }
    }

    /// Why no audio at all could be reserved now; `nil` when some could.
    func obstacle(_ budgets: [BudgetBook.Budget]) -> BudgetBook.Exhausted? {
        state.withLock { $0.budgets.obstacle(budgets, now: Int(WallClock.milliseconds)) }
    }

    /// A disk that is full or fails must not end live speech: what could not be written is told, and goes on in memory.
    private func write(_ notes: [AdmissionNote], _ state: inout State) {
        guard state.journal != nil else { return }
        do throws(StateFileError) {
            try state.journal?.append(notes)
            guard state.journal?.isLarge == true else { return }
            let fresh = Self.notes(&state, now: Int(WallClock.milliseconds))
            try state.journal?.rewrite(fresh)
        } catch {
            let now = Int(WallClock.milliseconds)
            guard now - (state.lastComplaint ?? 0) > 60_000 else { return }
            state.lastComplaint = now
            logger.error(
                "used tickets and audio are not written down: a crash would forget them",
                metadata: ["reason": "\(error)"])
        }
    }

    private static func notes(of accounts: Set<BudgetBook.Account>, _ book: BudgetBook) -> [AdmissionNote] {
        accounts.map { .audioUsed($0, book.used($0)) }
    }

    private static func notes(_ state: inout State, now: Int) -> [AdmissionNote] {
        state.tickets.current(now: now).map { .ticketUsed(id: $0.id, expires: $0.expires) }
            + state.budgets.current(now: now).map { .audioUsed($0.account, $0.used) }
    }
}
