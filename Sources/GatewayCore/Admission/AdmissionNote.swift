/// A line of the file in which admission writes down what must outlive a crash, always before it has any effect.
package enum AdmissionNote: Sendable, Equatable {
    /// This ticket was used; it expires then, in milliseconds since 1970.
    case ticketUsed(id: String, expires: Int)
    /// So many microseconds of audio are used or reserved of this budget.
    case audioUsed(BudgetBook.Account, Int)

    /// The line, without its end.
    package var line: String {
        switch self {
        case .ticketUsed(let id, let expires): return "ticket \(id) \(expires)"
        case .audioUsed(let account, let amount):
            let owner =
                switch account.owner {
                case .gateway: ""
                case .client(let key): " \(key)"
                }
            return "audio \(account.window.kind.rawValue) \(account.window.number) \(amount)\(owner)"
        }
    }

    /// Reads a line; `nil` for what a crash has cut off, and for anything else.
    package init?(line: some StringProtocol) {
        let parts = line.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
        switch parts.first {
        case "ticket":
            guard parts.count == 3, !parts[1].isEmpty, let expires = Int(parts[2]) else { return nil }
            self = .ticketUsed(id: String(parts[1]), expires: expires)
        case "audio":
            guard parts.count >= 4, let kind = BudgetWindow.Kind(rawValue: String(parts[1])),
                let number = Int(parts[2]),
                let amount = Int(parts[3]), amount >= 0
            else { return nil }
            let owner: BudgetBook.Owner = parts.count == 5 ? .client(String(parts[4])) : .gateway
            self = .audioUsed(
                BudgetBook.Account(owner: owner, window: BudgetWindow(kind: kind, number: number)), amount)
        default: return nil
        }
    }
}
