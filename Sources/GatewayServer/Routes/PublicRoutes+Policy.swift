import GatewayCore
import GatewayWire
import NIOHTTP1

extension PublicRoutes {
    /// What a caller's sessions are limited to, for pages with sliders; and, since browsers see neither status nor body
    /// of a WebSocket that is refused, why a stream would be. By POST it is the same: to their own server browsers send
    /// an `Origin` with other methods than GET and HEAD alone (WHATWG Fetch §3.2), and access rules go by it.
    func policy(_ admission: Admission) throws(Refused) -> HTTPAnswer {
        switch admission.request.method {
        case .OPTIONS: return .reply(try admission.preflight(methods: "GET, POST"))
        case .GET, .HEAD, .POST: break
        default: throw Refused(allow: "GET, HEAD, POST, OPTIONS")
        }
        let grant = try admission.grant(to: admission.visitor())
        var headers = admission.crossOriginHeaders
        headers.add(name: "Cache-Control", value: "no-store")
        return .reply(
            HTTPReply(
                status: .ok, headers: headers, type: "application/json",
                text: Self.document(grant.policy, mayAskFor: grant.mayAskFor).text))
    }

    /// The policy, what a `start` without any settings comes to, and the schema of one that is left alone; `settings`
    /// is null where such a `start` is refused.
    static func document(_ policy: Policy, mayAskFor names: [String]) -> JSONValue {
        var limits = policy.json.object ?? [:]
        limits["policy"] = nil
        var settings = policy.decide(StartMessage()).message?.json.object
        settings?["type"] = nil
        return [
            "policy": .string(policy.name), "may_ask_for": .array(names.map { .string($0) }),
            "settings": settings.map { .object($0) } ?? .null, "limits": .object(limits), "schema": policy.schema,
        ]
    }
}
