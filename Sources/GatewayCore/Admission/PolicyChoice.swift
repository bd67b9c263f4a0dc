/// Which policy a client's session runs under.
package enum PolicyChoice: Sendable, Equatable {
    /// The policy of this name.
    case policy(String)
    case refused(Refusal, detail: String)

    /// Chooses among what an access rule gives out. A ticket that was asked for with a policy is good for that one
    /// alone, and only as long as the rule gives it out.
    /// - Parameters:
    ///   - allowed: The rule's policies: the one that applies, then those that may be asked for besides.
    ///   - asked: What the request asks for (`?policy=`), as often as it does; `nil` for what is no text.
    ///   - bound: The policy of the request's ticket.
    package static func choose(among allowed: [String], asked: [String?], bound: String? = nil) -> PolicyChoice {
        guard asked.count <= 1 else { return .refused(.badRequest, detail: "Ask for one policy, once.") }
        if let bound, !allowed.contains(bound) {
            return .refused(
                .policyRefused, detail: "The ticket's policy is no longer given out; get a new ticket.")
        }
        let open = bound.map { [$0] } ?? allowed
        guard let wanted = asked.first else { return .policy(open.first ?? Policy.defaultName) }
        if let wanted, open.contains(wanted) { return .policy(wanted) }
        let subject = bound == nil ? "You may ask for" : "The ticket is for"
        return .refused(.policyRefused, detail: "\(subject) \(open.joined(separator: ", ")).")
    }
}
