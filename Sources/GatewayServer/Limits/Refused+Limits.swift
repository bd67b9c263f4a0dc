import GatewayCore

extension Refused {
    /// No place left of one kind.
    init(_ subject: PermitBook.Subject) {
        let whose =
            switch subject {
            case .rule: "This access rule has"
            case .client: "You have"
            case .address: "Your address has"
            }
        self.init(.tooManySessions, "\(whose) as many sessions as allowed; end one, or come back later.")
        retryAfter = Int.random(in: 2...10)
    }

    /// A client that connects too often.
    init(connectAfter wait: Duration) {
        self.init(.tooManyConnects, "You connect too often; wait before the next attempt.")
        retryAfter = wait.retrySeconds
    }

    /// A budget that is used up.
    init(_ exhausted: BudgetBook.Exhausted) {
        self.init(.quotaExhausted, exhausted.words)
        retryAfter = max(1, (exhausted.window.end - Int(WallClock.milliseconds) + 999) / 1000)
    }
}

extension BudgetBook.Exhausted {
    /// For people: whose budget it is, and when there is audio again.
    var words: String {
        let whose = owner == .gateway ? "The gateway's" : "Your"
        return "\(whose) audio of this \(window.kind.rawValue) is used up; it begins anew at \(window.endText)."
    }
}
