import GatewayCore
import GatewayWire
import NIOCore
import NIOHTTP1

extension PublicRoutes {
    /// Gives out a ticket: to the caller itself, or for somebody else to a caller whose rule says so.
    func issue(_ admission: Admission) throws(Refused) -> HTTPAnswer {
        let visitor = try admission.visitor()
        guard visitor.ticket == nil else {
            throw Refused(.credentialInvalid, "A ticket opens a stream; it does not get another ticket.")
        }
        let order = try order(admission, visitor.rule)
        let chosen = try policy(admission, visitor, order)
        try admission.requirePlace(admission.terms(of: visitor))
        let ticket = Ticket(
            id: "", rule: visitor.rule.name, client: order.client.map(ClientIdentity.named) ?? visitor.identity,
            device: visitor.device, token: visitor.grant, origin: order.origin ?? visitor.origin, policy: chosen,
            expires: 0)
        let (text, seconds) = desk.tickets.issue(ticket, seconds: order.expiresIn, until: visitor.goodUntil)
        let body: JSONValue = ["token": .string(text), "expires_in": .number(JSONNumber(seconds))]
        var headers = admission.crossOriginHeaders
        headers.add(name: "Cache-Control", value: "no-store")
        return .reply(HTTPReply(status: .ok, headers: headers, type: "application/json", text: body.text))
    }

    private func order(_ admission: Admission, _ rule: AccessRule) throws(Refused) -> TicketOrder {
        let order: TicketOrder
        do throws(TicketOrder.Malformed) {
            order = try TicketOrder.read(admission.request.body.readableBytesView)
        } catch {
            throw Refused(.badRequest, error.words)
        }
        guard order.isEmpty || rule.actsOnBehalf else {
            throw Refused(
                .policyRefused,
                "client, policy, origin and expires_in are for callers whose access rule has tickets.on_behalf.")
        }
        return order
    }

    /// The policy that the ticket is bound to: what was asked for in body or query, what the device is bound to, or
    /// none.
    private func policy(
        _ admission: Admission, _ visitor: Admission.Visitor, _ order: TicketOrder
    ) throws(Refused) -> String? {
        let asked = (order.policy.map { [$0] } ?? []) + admission.askedPolicies
        switch PolicyChoice.choose(among: visitor.policies, asked: asked) {
        case .policy(let name): return asked.isEmpty ? nil : name
        case .refused(let refusal, let detail): throw Refused(refusal, detail)
        }
    }
}
