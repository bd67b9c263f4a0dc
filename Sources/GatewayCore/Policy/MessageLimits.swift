/// Which of the client's messages may follow `start`.
package struct MessageLimits: Sendable, Equatable {
    /// A message that may follow `start`; the raw value is its `type`.
    package enum Kind: String, Sendable, Equatable, CaseIterable {
        case eos
        case aiContext = "ai_context"
        case thoughtPacket = "thought_packet"
    }

    /// What happens to the others.
    package enum Otherwise: String, Sendable, Equatable, CaseIterable {
        /// The session ends: `policy_message_refused` for a known message, `unknown_message` for another.
        case reject
        /// They are left out and counted; what is no JSON object ends the session all the same.
        case drop
    }

    /// Messages that go upstream. `eos` is always among them: without it no last final would come.
    package var allowed: Set<Kind>
    package var otherwise: Otherwise

    package init(allowed: Set<Kind> = Set(Kind.allCases), otherwise: Otherwise = .reject) {
        self.allowed = allowed.union([.eos])
        self.otherwise = otherwise
    }
}
