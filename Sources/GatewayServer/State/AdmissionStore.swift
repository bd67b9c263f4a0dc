import GatewayCore
import Logging
import Synchronization

/// Used tickets and used audio: decided in memory under one lock, written down before anybody acts on it.
final class AdmissionStore: Sendable {
    private struct State: ~Copyable {
        var tickets = UsedTickets()
        var budgets = BudgetBook()
        /// Kept with the journal alone: it is what a crash leaves of them.
        var sessions = BudgetedSessions()
        var journal: AdmissionJournal?
        var lastComplaint: Int?
    }

    private let state: Mutex<State>
    /// The sessions that the last run left unfinished, or ended so shortly before that the ledger may not have it.
    let interrupted: [(id: String, session: BudgetedSession)]
    private let logger: Logger

    /// - Parameter directory: `nil` keeps everything in memory alone.
    /// - Throws: `StateFileError` when the file cannot be used.
    init(directory: StateDirectory?, logger: Logger) throws(StateFileError) {
        self.logger = logger
        var fresh = State()
        var interrupted: [(id: String, session: BudgetedSession)] = []
        if let directory {
            var notes: [AdmissionNote] = []
            var journal = try AdmissionJournal(in: directory) { notes.append($0) }
            let now = Int(WallClock.milliseconds)
            for note in notes {
                switch note {
                case .ticketUsed(let id, let expires): _ = fresh.tickets.use(id, expires: expires, now: now)
                case .audioUsed(let account, let amount): fresh.budgets.restore(account, used: amount)
                case .sessionOpened, .accountClaimed, .audioPassed, .sessionOver: fresh.sessions.take(note)
                }
            }
            fresh.sessions.settle(&fresh.budgets)
            interrupted = fresh.sessions.known
            fresh.sessions = BudgetedSessions()
            try journal.rewrite(Self.notes(&fresh, now: now))
            fresh.journal = consume journal
        }
        self.interrupted = interrupted
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

    /// Reserves a slice for a frame, in place of what lies unused, and takes the frame's audio from it.
    /// - Parameter goesOn: Whether the frame goes on at once, and is not held.
    func exchange(
        _ allowance: inout AudioAllowance, for count: Int, from budgets: [BudgetBook.Budget],
        of session: BudgetedSession,
        id: String, goesOn: Bool
    ) throws(BudgetBook.Exhausted) -> BudgetBook.Slice {
        let length = max(1, allowance.length(of: count))
        return try state.withLock { state throws(BudgetBook.Exhausted) in
            let (rest, accounts) = (allowance.rest, allowance.accounts)
            let slice = try state.budgets.exchange(
                rest, of: accounts, for: budgets, wanted: AudioAllowance.slice, least: length,
                now: Int(WallClock.milliseconds))
            allowance.replace(with: slice)
            _ = allowance.take(count)
            if goesOn { _ = allowance.goOn() }
            var notes = Self.notes(of: Set(accounts + slice.accounts), state.budgets)
            if accounts != slice.accounts {
                var session = session
                session.accounts = slice.accounts
                notes += session.opening(id: id)
            }
            write(notes + [allowance.note(id: id)], &state)
            return slice
        }
    }

    /// Writes down how much of a session's audio went on, before it does.
    func note(_ allowance: AudioAllowance, id: String) {
        state.withLock { write([allowance.note(id: id)], &$0) }
    }

    /// A session is over, of which so many bytes went on: gives back what it has not used.
    func settle(_ allowance: inout AudioAllowance, id: String, forwarded: Int) {
        guard !allowance.accounts.isEmpty else { return }
        let rest = allowance.settle(forwarded: forwarded)
        state.withLock { state in
            state.budgets.giveBack(rest, to: allowance.accounts)
            let now = Int(WallClock.milliseconds)
            write(
                [.sessionOver(id: id, bytes: forwarded, time: now)]
                    + Self.notes(of: Set(allowance.accounts), state.budgets), &state)
        }
    }

    /// The gateway ends, and its ledger knows of every session: none needs to be remembered.
    func close() {
        state.withLock { state in
            state.sessions = BudgetedSessions()
            rewrite(&state)
        }
    }

    /// Why no audio at all could be reserved now; `nil` when some could.
    func obstacle(_ budgets: [BudgetBook.Budget]) -> BudgetBook.Exhausted? {
        state.withLock { $0.budgets.obstacle(budgets, now: Int(WallClock.milliseconds)) }
    }

    /// A disk that is full or fails must not end live speech: what could not be written is told, and goes on in memory.
    private func write(_ notes: [AdmissionNote], _ state: inout State) {
        guard state.journal != nil else { return }
        for note in notes { state.sessions.take(note) }
        do throws(StateFileError) {
            try state.journal?.append(notes)
        } catch {
            return complain(error, &state)
        }
        if state.journal?.isLarge == true { rewrite(&state) }
    }

    private func rewrite(_ state: inout State) {
        guard state.journal != nil else { return }
        let fresh = Self.notes(&state, now: Int(WallClock.milliseconds))
        do throws(StateFileError) { try state.journal?.rewrite(fresh) } catch { complain(error, &state) }
    }

    private func complain(_ error: StateFileError, _ state: inout State) {
        let now = Int(WallClock.milliseconds)
        guard now - (state.lastComplaint ?? 0) > 60_000 else { return }
        state.lastComplaint = now
        logger.error(
            "used tickets and audio are not written down: a crash would forget them", metadata: ["reason": "\(error)"])
    }

    private static func notes(of accounts: Set<BudgetBook.Account>, _ book: BudgetBook) -> [AdmissionNote] {
        accounts.map { .audioUsed($0, book.used($0)) }
    }

    private static func notes(_ state: inout State, now: Int) -> [AdmissionNote] {
        state.tickets.current(now: now).map { .ticketUsed(id: $0.id, expires: $0.expires) }
            + state.budgets.current(now: now).map { .audioUsed($0.account, $0.used) } + state.sessions.notes
    }
}

extension AudioAllowance {
    /// How it stands, for a crash.
    fileprivate func note(id: String) -> AdmissionNote { .audioPassed(id: id, bytes: noted, untouched: untouched) }
}
