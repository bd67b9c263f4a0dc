import GatewayCore

/// The limits of one client's sessions.
struct Terms: Sendable {
    /// Who it is, for counting.
    let client: String
    let claims: [PermitBook.Claim]
    let connects: TokenBucket.Rate?
    let budgets: [BudgetBook.Budget]
    /// The share of a budget from which on it is warned.
    let warnAt: Double
    let session: SessionLimits

    init(rule: AccessRule, client: ClientIdentity, address: IPAddress?, settings: GatewaySettings) {
        let set = rule.limits.flatMap { settings.limits[$0] } ?? LimitSet()
        self.client = client.key
        claims = [
            PermitBook.Claim(.rule(rule.name), most: set.concurrentStreams),
            PermitBook.Claim(.client(client.key), most: set.concurrentPerClient),
            PermitBook.Claim(.address(AddressBlock(address)), most: set.concurrentPerAddress),
        ]
        connects = set.connects
        budgets = set.budget.budgets(of: .client(client.key)) + settings.budget.budgets(of: .gateway)
        warnAt = set.budget.isLimited ? set.budget.warnAt : settings.budget.warnAt
        session = set.session
    }
}
