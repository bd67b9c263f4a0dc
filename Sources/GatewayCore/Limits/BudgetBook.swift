/// How much audio was used of which budget. Audio is reserved before it goes on, so that what runs at once can never
/// use more than there is; what was reserved in vain is given back. Amounts are microseconds of audio.
package struct BudgetBook: Sendable, Equatable {
    /// Whose budget.
    package enum Owner: Sendable, Hashable {
        case gateway
        /// `ClientIdentity.key`.
        case client(String)
    }

    /// A budget's use in one window.
    package struct Account: Sendable, Hashable {
        package var owner: Owner
        package var window: BudgetWindow

        package init(owner: Owner, window: BudgetWindow) {
            self.owner = owner
            self.window = window
        }
    }

    /// A budget: audio a window.
    package struct Budget: Sendable, Equatable {
        package var owner: Owner
        package var kind: BudgetWindow.Kind
        package var most: Int

        package init(owner: Owner, kind: BudgetWindow.Kind, most: Int) {
            self.owner = owner
            self.kind = kind
            self.most = most
        }
    }

    /// Audio that was reserved.
    package struct Slice: Sendable, Equatable {
        package var amount: Int
        /// Where it was taken from.
        package var accounts: [Account]
        /// The highest share of a budget that is used with it, from 0 to 1.
        package var share: Double
    }

    /// Why nothing could be reserved.
    package struct Exhausted: Error, Sendable, Equatable {
        package var owner: Owner
        /// There is audio again when this is over.
        package var window: BudgetWindow
    }

    /// One reservation takes no more than this part of what is left, so that towards its end a budget is shared by
    /// those who use it and not held by those who came first.
    static let fairShare = 64
    /// With less than this left, nobody is let in any more: a tenth of a second, in microseconds.
    package static let crumbs = 100_000

    private var used: [Account: Int] = [:]
    private let mostAccounts: Int

    /// - Parameter mostAccounts: The most accounts at once; beyond it those with the least use go.
    package init(mostAccounts: Int = 100_000) {
        self.mostAccounts = mostAccounts
    }

    /// How many accounts there are.
    package var count: Int { used.count }

    /// What is used or reserved of a budget.
    package func used(_ account: Account) -> Int { used[account] ?? 0 }

    /// Reserves from all budgets at once: `wanted`, or a fair share of what the scarcest has left, but at least `least`.
    /// - Parameters:
    ///   - least: The audio that waits to go on; at least 1.
    ///   - now: Milliseconds since 1970.
    package mutating func reserve(
        from budgets: [Budget], wanted: Int, least: Int, now: Int
    ) throws(Exhausted) -> Slice {
        if let obstacle = obstacle(budgets, least: least, now: now) { throw obstacle }
        let amount = budgets.reduce(max(wanted, least)) { min($0, max(least, rest(of: $1, now: now) / Self.fairShare)) }
        if used.count + budgets.count > mostAccounts { makeRoom(now: now) }
        var slice = Slice(amount: amount, accounts: [], share: 0)
        for budget in budgets {
            let account = Account(owner: budget.owner, window: BudgetWindow(budget.kind, at: now))
            used[account, default: 0] += amount
            slice.accounts.append(account)
            slice.share = max(slice.share, Double(used(account)) / Double(budget.most))
        }
        return slice
    }

    /// Reserves like `reserve`, in exchange for what lies unused of another slice; that stays as it is when it fails.
    package mutating func exchange(
        _ rest: Int, of accounts: [Account], for budgets: [Budget], wanted: Int, least: Int, now: Int
    ) throws(Exhausted) -> Slice {
        let before = accounts.map { used[$0] }
        giveBack(rest, to: accounts)
        do throws(Exhausted) {
            return try reserve(from: budgets, wanted: wanted, least: least, now: now)
        } catch {
            for (account, amount) in zip(accounts, before) { used[account] = amount }
            throw error
        }
    }

    /// The first budget that has less left than is needed; `nil` when there is none.
    package func obstacle(_ budgets: [Budget], least: Int = crumbs, now: Int) -> Exhausted? {
        budgets.first { rest(of: $0, now: now) < least }.map { budget in
            Exhausted(owner: budget.owner, window: BudgetWindow(budget.kind, at: now))
        }
    }

    private func rest(of budget: Budget, now: Int) -> Int {
        budget.most - used(Account(owner: budget.owner, window: BudgetWindow(budget.kind, at: now)))
    }

    /// Gives back what was reserved in vain.
    package mutating func giveBack(_ amount: Int, to accounts: [Account]) {
        for account in accounts {
            // An account that had to make room has nothing to give back to.
            guard let used = used[account] else { continue }
            self.used[account] = max(0, used - amount)
        }
    }

    /// Takes a figure as it was written down.
    package mutating func restore(_ account: Account, used amount: Int) {
        used[account] = amount
    }

    /// All accounts whose window is not over, for a fresh copy of what is written down.
    package mutating func current(now: Int) -> [(account: Account, used: Int)] {
        forgetPast(now: now)
        return used.map { ($0.key, $0.value) }
    }

    private mutating func forgetPast(now: Int) {
        used = used.filter { $0.key.window.end > now }
    }

    /// Drops what is over; when that is not enough, the tenth with the least use, which forgets the least.
    private mutating func makeRoom(now: Int) {
        forgetPast(now: now)
        guard used.count >= mostAccounts - mostAccounts / 10 else { return }
        let least = used.filter { $0.key.owner != .gateway }.sorted { $0.value < $1.value }
        for (account, _) in least.prefix(max(1, mostAccounts / 10)) { used[account] = nil }
    }
}
