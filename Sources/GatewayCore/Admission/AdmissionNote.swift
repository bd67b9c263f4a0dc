/// A line of the file in which admission writes down what must outlive a crash, always before it has any effect.
package enum AdmissionNote: Sendable, Equatable {
    /// This ticket was used; it expires then, in milliseconds since 1970.
    case ticketUsed(id: String, expires: Int)
    /// So many microseconds of audio are used or reserved of this budget.
    case audioUsed(BudgetBook.Account, Int)
    /// This session uses budgets; of its accounts and its audio other notes tell.
    case sessionOpened(id: String, BudgetedSession)
    /// The slice of this session comes from this account, among others.
    case accountClaimed(id: String, BudgetBook.Account)
    /// So many bytes of this session went on, and so many microseconds of its slice cannot have.
    case audioPassed(id: String, bytes: Int, untouched: Int)
    /// This session is over, at this time in milliseconds since 1970; so many of its bytes went on.
    case sessionOver(id: String, bytes: Int, time: Int)

    /// The line, without its end.
    package var line: String {
        switch self {
        case .ticketUsed(let id, let expires): return "ticket \(id) \(expires)"
        case .audioUsed(let account, let amount): return "audio \(Self.words(account, amount))"
        case .sessionOpened(let id, let session):
            return "session \(id) \(session.startedAt) \(session.bytesPerSecond) \(session.rule) \(session.client)"
        case .accountClaimed(let id, let account): return "claim \(Self.words(account, id))"
        case .audioPassed(let id, let bytes, let untouched): return "passed \(id) \(bytes) \(untouched)"
        case .sessionOver(let id, let bytes, let time): return "over \(id) \(bytes) \(time)"
        }
    }

    private static func words(_ account: BudgetBook.Account, _ word: some CustomStringConvertible) -> String {
        let owner =
            switch account.owner {
            case .gateway: ""
            case .client(let key): " \(key)"
            }
        return "\(account.window.kind.rawValue) \(account.window.number) \(word)\(owner)"
    }

    /// Reads a line; `nil` for what a crash has cut off, and for anything else.
    package init?(line: some StringProtocol) {
        let words = Substring(line).split(separator: " ", maxSplits: 5, omittingEmptySubsequences: false)
            .map(String.init)
        guard let note = words.first == "ticket" ? Self.ticket(words) : Self.account(words) ?? Self.session(words)
        else {
            return nil
        }
        self = note
    }

    private static func ticket(_ words: [String]) -> AdmissionNote? {
        guard words.count == 3, !words[1].isEmpty, let expires = Int(words[2]) else { return nil }
        return .ticketUsed(id: words[1], expires: expires)
    }

    private static func account(_ words: [String]) -> AdmissionNote? {
        guard (4...5).contains(words.count), let kind = BudgetWindow.Kind(rawValue: words[1]),
            let number = Int(words[2]), !words[3].isEmpty
        else { return nil }
        let account = BudgetBook.Account(
            owner: words.count == 5 ? .client(words[4]) : .gateway, window: BudgetWindow(kind: kind, number: number))
        switch words[0] {
        case "audio": return Int(words[3]).flatMap { $0 >= 0 ? .audioUsed(account, $0) : nil }
        case "claim": return .accountClaimed(id: words[3], account)
        default: return nil
        }
    }

    private static func session(_ words: [String]) -> AdmissionNote? {
        guard words.count >= 4, !words[1].isEmpty, let first = Int(words[2]), let second = Int(words[3]), first >= 0,
            second >= 0
        else { return nil }
        switch (words[0], words.count) {
        case ("session", 6) where second > 0:
            return .sessionOpened(
                id: words[1],
                BudgetedSession(startedAt: first, bytesPerSecond: second, rule: words[4], client: words[5]))
        case ("passed", 4): return .audioPassed(id: words[1], bytes: first, untouched: second)
        case ("over", 4): return .sessionOver(id: words[1], bytes: first, time: second)
        default: return nil
        }
    }
}
