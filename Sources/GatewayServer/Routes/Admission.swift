import FennecUpstream
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
        let identity: ClientIdentity
        /// The page's origin, in lower case.
        let origin: String?
        let address: IPAddress?
        /// The token of the device, or of the device that got the ticket.
        let device: DeviceKey?
        let ticket: Ticket?
        /// What its JWT gives it, or the one that got its ticket.
        var grant: TokenGrant?
        /// When its JWT is good no more, in milliseconds since 1970.
        var goodUntil: Int?
        /// The policies that it may have; the first applies unless it asks for another.
        let policies: [String]
        /// What its certificate calls it, where the rule asks for one.
        var certificate: String?

        /// What logs and ledger call it; `nil` when it is only an address.
        var name: String? { rule.clientLabel ?? identity.name ?? certificate ?? origin }
    }

    /// What the visitor gets: the second step.
    struct Grant {
        let visitor: Visitor
        let policy: Policy
        /// The policies that the visitor may ask for by name.
        let mayAskFor: [String]
        let terms: Terms
    }

    let request: HTTPRequestInfo
    let active: ActiveSettings
    let listener: ListenerSettings
    let access: AccessPolicy
    let desk: AdmissionDesk
    let registry: SessionRegistry
    let upstream: UpstreamConnector

    /// Host, credential and access rule.
    func visitor() throws(Refused) -> Visitor {
        let client = request.client(source: listener.clientAddress, trusted: listener.trustedProxies)
        var asked = request.accessRequest(listener: listener.name, client: client)
        if let refusal = access.formRefusal(asked) { throw Refused(refusal, detail(of: refusal, asked)) }
        switch try credential(from: client) {
        case .none:
            let rule = try rule(access.decide(asked), asked)
            return Visitor(
                rule: rule, identity: .place(rule: rule.name, AddressBlock(client.address)), origin: asked.origin,
                address: client.address, device: nil, ticket: nil, policies: rule.policies,
                certificate: rule.certificate == nil ? nil : asked.certificate?.label)
        case .device(let device):
            asked.device = device.name
            let rule = try rule(access.decide(asked), asked)
            return Visitor(
                rule: rule, identity: .device(device.name), origin: asked.origin, address: client.address,
                device: device.key, ticket: nil, policies: try policies(of: device, rule))
        case .token(let token):
            asked.token = token
            let grant = token.grant(now: Int(WallClock.milliseconds))
            let rule = try rule(access.decide(asked), asked, giving: grant)
            return Visitor(
                rule: rule, identity: .token(client: token.client, issuer: token.issuer), origin: asked.origin,
                address: client.address, device: nil, ticket: nil, grant: grant, goodUntil: token.goodUntil,
                policies: rule.policies)
        case .ticket(let ticket, let device):
            let decision = access.decide(asked, ticketRule: ticket.rule, origin: ticket.origin)
            let rule = try rule(decision, asked, giving: ticket.token)
            return Visitor(
                rule: rule, identity: ticket.client, origin: asked.origin, address: client.address,
                device: ticket.device, ticket: ticket, grant: ticket.token,
                policies: try device.map { device throws(Refused) in try policies(of: device, rule) } ?? rule.policies)
        }
    }

    /// Policy, and whether there is a place.
    func grant(to visitor: Visitor) throws(Refused) -> Grant {
        let policy = try policy(of: visitor)
        let terms = terms(of: visitor)
        try requirePlace(terms)
        return Grant(
            visitor: visitor, policy: active.policy(named: policy),
            mayAskFor: visitor.ticket?.policy.map { [$0] } ?? visitor.policies, terms: terms)
    }

    /// The limits that hold for a visitor.
    func terms(of visitor: Visitor) -> Terms {
        Terms(rule: visitor.rule, client: visitor.identity, address: visitor.address, settings: active.settings)
    }

    /// The policy of the visitor's sessions.
    func policy(of visitor: Visitor) throws(Refused) -> String {
        let choice = PolicyChoice.choose(
            among: visitor.policies, asked: askedPolicies, bound: visitor.ticket?.policy)
        switch choice {
        case .policy(let name): return name
        case .refused(let refusal, let detail): throw Refused(refusal, detail)
        }
    }

    /// The policies that the request asks for.
    var askedPolicies: [String?] { QueryItems(request.query).items(of: "policy") }

    /// Whether a session would be let in now, as far as limits go.
    func requirePlace(_ terms: Terms) throws(Refused) {
        if let obstacle = registry.obstacle { throw Refused(obstacle) }
        if let subject = desk.permits.obstacle(terms.claims) { throw Refused(subject) }
        if let rate = terms.connects, let wait = desk.connects.wait(terms.client, rate) {
            throw Refused(connectAfter: wait)
        }
        if let exhausted = desk.store.obstacle(terms.budgets) { throw Refused(exhausted) }
        if let obstacle = upstream.obstacle() { throw Refused(obstacle) }
    }

    /// The rule that lets the request in, with what the claims of a JWT put in the place of its own.
    private func rule(
        _ decision: AccessPolicy.Decision, _ asked: AccessRequest, giving grant: TokenGrant? = nil
    ) throws(Refused) -> AccessRule {
        switch decision {
        case .admitted(var rule):
            if let policy = grant?.policy {
                guard active.settings.policies[policy] != nil else {
                    throw Refused(.policyRefused, "The token's policy is not configured; the operator must add it.")
                }
                rule.policies = [policy]
            }
            if let limits = grant?.limits {
                guard active.settings.limits[limits] != nil else {
                    throw Refused(.policyRefused, "The token's limits are not configured; the operator must add them.")
                }
                rule.limits = limits
            }
            return rule
        case .refused(let refusal): throw Refused(refusal, detail(of: refusal, asked))
        }
    }

    /// A device may have a policy of its own, which the operator gave it; otherwise it has those of the rule.
    private func policies(of device: DeviceRecord, _ rule: AccessRule) throws(Refused) -> [String] {
        guard let policy = device.policy else { return rule.policies }
        guard active.settings.policies[policy] != nil else {
            throw Refused(.policyRefused, "The device's policy is not configured; the operator must add it.")
        }
        return [policy]
    }

    private func detail(of refusal: Refusal, _ asked: AccessRequest) -> String {
        switch refusal {
        case .hostRefused: "Connect by localhost, by the server's IP address, or by a name that stands in hosts."
        case .badRequest: "Send one Origin header at most."
        case .originRefused: "No access rule lists this origin."
        case .addressRefused where asked.device != nil: "No access rule lets this device in from here."
        case .addressRefused where asked.token != nil: "No access rule lets the holder of this token in from here."
        case .addressRefused: "No access rule lets this address in."
        case .credentialRequired:
            "A device token is required, \(DeviceToken.form), as Authorization: Bearer or X-API-Key; or a ticket"
                + (active.settings.issuers.isEmpty ? "" : ", or a JWT of a known issuer")
                + (listener.tls?.clientCA == nil ? "." : ", or a client certificate.")
        case .credentialInvalid: "The access rule of the ticket is gone; get a new ticket."
        default: refusal.title
        }
    }
}
