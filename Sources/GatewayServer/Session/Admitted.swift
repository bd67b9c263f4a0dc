import GatewayCore
import GatewayWire

/// Who was let in, and on which terms: what a session begins with it keeps, whatever is reloaded meanwhile.
struct Admitted: Sendable {
    /// The access rule's name.
    var rule: String
    /// The names that a trusted proxy gave the request.
    var trail: RequestTrail
    /// The client as logs and ledger name it.
    var client: String
    /// The page's origin, if a page it is.
    var origin: String?
    /// What is kept of the client's address.
    var address: String?
    /// The token of the device that it is, or that got its ticket.
    var device: DeviceKey?
    /// When the session ends with its credential, in milliseconds since 1970; `nil` when it does not.
    var endsAt: Int?
    var policy: Policy
    var settings: SessionSettings
    var terms: Terms
    var permit: Permit
    /// Whether the query asks for thoughts (`detect_thoughts=true`), as the vendor's SDK does.
    var wantsThoughts: Bool
    /// Whether the query asks for the gateway's events (`gateway_events=1`).
    var wantsEvents: Bool
}

extension Admitted {
    /// The terms of a stream that is opened with this request. Of its query nothing else counts.
    init(
        _ grant: Admission.Grant, permit: Permit, request: HTTPRequestInfo, trail: RequestTrail,
        settings: SessionSettings, addresses: AddressKeeper
    ) {
        let query = QueryItems(request.query)
        let visitor = grant.visitor
        let address = addresses.text(of: visitor.address)
        self.init(
            rule: visitor.rule.name, trail: trail, client: visitor.name ?? address ?? "unknown", origin: visitor.origin,
            address: address, device: visitor.device, endsAt: visitor.grant?.endsSessionsAt, policy: grant.policy,
            settings: settings, terms: grant.terms,
            permit: permit,
            wantsThoughts: query.values(of: "detect_thoughts").contains("true"),
            wantsEvents: query.values(of: "gateway_events").contains("1"))
    }
}
