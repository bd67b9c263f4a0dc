import GatewayCore
import GatewayWire
import NIOCore
import NIOHTTP1

/// Everything that a stream is judged by before it opens. It reserves nothing and uses nothing up, so that whoever
/// asks how a stream would fare gets the very same judgement.
struct Admission {
    /// Who is there: the first step.
    struct Visitor {
        let rule: AccessRule
        let holder: TicketBook.Holder
        /// As logs and ledger name it; `nil` when it is only an address.
        let name: String?
        let address: IPAddress?
    }

    /// What the visitor gets: the second step.
    struct Grant {
        let visitor: Visitor
        /// Used up by the stream that is opened with it.
        let ticket: String?
        let policy: Policy
        /// The policies that the visitor may ask for by name.
        let mayAskFor: [String]
    }

    let request: HTTPRequestInfo
    let active: ActiveSettings
    let listener: ListenerSettings
    let access: AccessPolicy
    let tickets: TicketOffice
    let registry: SessionRegistry

    /// The access rule's judgement.
    func visitor() throws(Refused) -> Visitor {
        let client = request.client(source: listener.clientAddress, trusted: listener.trustedProxies)
        let asked = request.accessRequest(listener: listener.name, client: client)
        switch access.decide(asked) {
        case .refused(let refusal): throw Refused(refusal, Self.detail(of: refusal))
        case .admitted(let rule):
            let holder = TicketBook.Holder(rule: rule.name, origin: asked.origin)
            return Visitor(rule: rule, holder: holder, name: asked.origin, address: client.address)
        }
    }

    /// Credential, policy, and whether there is a place.
    func grant(to visitor: Visitor) throws(Refused) -> Grant {
        let ticket: String?
        switch RequestCredential.of(request) {
        case .malformed(let words): throw Refused(.badRequest, words)
        case .none: ticket = nil
        case .ticket(let found): ticket = found
        }
        var bound: String?
        if let ticket {
            do throws(TicketBook.Failure) {
                bound = try tickets.check(ticket, by: visitor.holder)
            } catch {
                throw Refused(error)
            }
        }
        let policy = try policy(of: visitor, bound: bound)
        try requirePlace()
        return Grant(
            visitor: visitor, ticket: ticket, policy: active.policy(named: policy),
            mayAskFor: bound.map { [$0] } ?? visitor.rule.policies)
    }

    /// The policy that the request asks for, which a ticket is bound to from then on; `nil` when it asks for none.
    func policyOfTicket(for visitor: Visitor) throws(Refused) -> String? {
        let chosen = try policy(of: visitor, bound: nil)
        try requirePlace()
        return askedPolicies.isEmpty ? nil : chosen
    }

    private func policy(of visitor: Visitor, bound: String?) throws(Refused) -> String {
        switch PolicyChoice.choose(among: visitor.rule.policies, asked: askedPolicies, bound: bound) {
        case .policy(let name): return name
        case .refused(let refusal, let detail): throw Refused(refusal, detail)
        }
    }

    private var askedPolicies: [String?] { QueryItems(request.query).items(of: "policy") }

    private func requirePlace() throws(Refused) {
        if let obstacle = registry.obstacle { throw Refused(obstacle) }
    }

    private static func detail(of refusal: Refusal) -> String {
        switch refusal {
        case .hostRefused: "Connect by localhost, by the server's IP address, or by a name that stands in hosts."
        case .originRefused: "No access rule lists this origin."
        case .addressRefused: "No access rule lets this address in."
        default: refusal.title
        }
    }
}
