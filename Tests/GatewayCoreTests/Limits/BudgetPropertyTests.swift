import GatewayCore
import GatewayCoreTesting
import Testing

@Suite("Budgets through everything that can happen")
struct BudgetPropertyTests {
    static let second = 1_000_000
    static let day = 86_400_000
    static let rate = 32_000

    /// A session, what it holds for an upstream that is not ready, and what went on.
    private struct Session {
        let id: String
        var allowance = AudioAllowance(bytesPerSecond: rate)
        var isOpen: Bool
        var forwarded = 0
        /// Bytes of a frame, and the accounts that they were taken from.
        var held: [(bytes: Int, accounts: [BudgetBook.Account])] = []
    }

    /// Sessions that come, wait, send, end and crash at random; what is written down is what the gateway writes.
    private struct World {
        let budgets = [
            BudgetBook.Budget(owner: .client("a"), kind: .day, most: 100 * second),
            BudgetBook.Budget(owner: .client("a"), kind: .month, most: 180 * second),
            BudgetBook.Budget(owner: .gateway, kind: .day, most: 150 * second),
        ]
        var generator: SeededGenerator
        var book = BudgetBook()
        var journal: [AdmissionNote] = []
        var sessions: [Session] = []
        var began = 0
        /// Bytes that went on, by the account that they were taken from.
        var forwarded: [BudgetBook.Account: Int] = [:]
        var crashes = 0
        var now = 0

        mutating func step() {
            switch Int.random(in: 0..<1000, using: &generator) {
            case 0..<15: begin()
            case 100..<115 where !sessions.isEmpty: end(Int.random(in: sessions.indices, using: &generator))
            case 120..<130 where !sessions.isEmpty: open(Int.random(in: sessions.indices, using: &generator))
            case 150..<152: crash()
            case 152..<154: now += Int.random(in: 0...BudgetPropertyTests.day / 4, using: &generator)
            case _ where !sessions.isEmpty: send(Int.random(in: sessions.indices, using: &generator))
            default: break
            }
        }

        private mutating func begin() {
            began += 1
            sessions.append(Session(id: "\(began)", isOpen: Bool.random(using: &generator)))
        }

        private mutating func write(_ accounts: [BudgetBook.Account]) {
            journal += Set(accounts).map { .audioUsed($0, book.used($0)) }
        }

        private mutating func note(_ session: Session) {
            journal.append(
                .audioPassed(id: session.id, bytes: session.allowance.noted, untouched: session.allowance.untouched))
        }

        private mutating func end(_ index: Int) {
            var gone = sessions.remove(at: index)
            journal.append(.sessionOver(id: gone.id, bytes: gone.forwarded, time: now))
            book.giveBack(gone.allowance.settle(forwarded: gone.forwarded), to: gone.allowance.accounts)
            write(gone.allowance.accounts)
        }

        private mutating func open(_ index: Int) {
            guard !sessions[index].isOpen else { return }
            sessions[index].isOpen = true
            if sessions[index].allowance.goOn() { note(sessions[index]) }
            for frame in sessions[index].held { pass(frame.bytes, frame.accounts, index) }
            sessions[index].held = []
        }

        private mutating func pass(_ bytes: Int, _ accounts: [BudgetBook.Account], _ index: Int) {
            sessions[index].forwarded += bytes
            for account in accounts { forwarded[account, default: 0] += bytes }
        }

        /// What lives is lost, what is written down stays; a session's figure is within a second of what went on.
        private mutating func crash() {
            crashes += 1
            var known = BudgetedSessions()
            var fresh = BudgetBook()
            for note in journal {
                if case .audioUsed(let account, let amount) = note { fresh.restore(account, used: amount) }
                known.take(note)
            }
            for (id, session) in known.known {
                guard let living = sessions.first(where: { $0.id == id }) else { continue }
                #expect(abs(living.forwarded - session.bytes) <= BudgetPropertyTests.rate)
            }
            known.settle(&fresh)
            book = fresh
            journal = book.current(now: now).map { .audioUsed($0.account, $0.used) }
            sessions = []
        }

        private mutating func send(_ index: Int) {
            let bytes = Int.random(in: 1...6400, using: &generator)
            let isOpen = sessions[index].isOpen
            if sessions[index].allowance.take(bytes) {
                if isOpen, sessions[index].allowance.goOn() { note(sessions[index]) }
            } else {
                let (rest, accounts) = (sessions[index].allowance.rest, sessions[index].allowance.accounts)
                let slice = try? book.exchange(
                    rest, of: accounts, for: budgets, wanted: AudioAllowance.slice,
                    least: sessions[index].allowance.length(of: bytes), now: now)
                guard let slice else { return }
                sessions[index].allowance.replace(with: slice)
                #expect(sessions[index].allowance.take(bytes) == true)
                #expect(sessions[index].allowance.rest <= AudioAllowance.slice)
                if isOpen { _ = sessions[index].allowance.goOn() }
                write(accounts + slice.accounts)
                if accounts != slice.accounts {
                    var session = BudgetedSession(
                        startedAt: now, bytesPerSecond: BudgetPropertyTests.rate, rule: "r", client: "a")
                    session.accounts = slice.accounts
                    journal += session.opening(id: sessions[index].id)
                }
                note(sessions[index])
            }
            let taken = sessions[index].allowance.accounts
            if isOpen { pass(bytes, taken, index) } else { sessions[index].held.append((bytes, taken)) }
        }
    }

    @Test("ten thousand random steps, crashes among them, never spend more than there is", arguments: 1...4)
    func property(seed: UInt64) {
        var world = World(generator: SeededGenerator(seed: seed))
        for _ in 0..<10_000 { world.step() }
        for (account, bytes) in world.forwarded {
            let budget = world.budgets.first { $0.owner == account.owner && $0.kind == account.window.kind }
            #expect(bytes <= (budget?.most ?? 0) / 1_000_000 * Self.rate, "\(account)")
        }
        #expect(world.crashes > 5)
        #expect(world.forwarded.values.contains { $0 > 60 * Self.rate }, "no budget was nearly used up")
    }
}
