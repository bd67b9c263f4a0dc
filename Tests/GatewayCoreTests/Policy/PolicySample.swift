import GatewayCore
import Testing

/// A policy's decision on a message that is written as JSON.
struct PolicySample {
    /// The members besides `type`, without braces.
    let members: String
    let decision: PolicyDecision

    init(_ policy: Policy, _ members: String) throws {
        self.members = members
        let text = members.isEmpty ? #"{"type":"start"}"# : "{\"type\":\"start\",\(members)}"
        guard case .start(let message) = try ClientMessage.decode(text.utf8) else { throw NoStart() }
        decision = policy.decide(message)
    }

    private struct NoStart: Error {}

    /// What goes upstream, as text; `nil` when nothing does.
    var sent: String? { decision.message?.json.text }

    /// `field:reason:effect` of what is adjusted, observed or refused.
    var told: [String] {
        decision.fields.compactMap { field in
            field.reason.map { "\(field.subject.path):\($0.rawValue):\(field.effect.rawValue)" }
        }
    }
}
