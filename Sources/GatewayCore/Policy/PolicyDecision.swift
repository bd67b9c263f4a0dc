/// What a policy makes of one `start`: the one source for the message that goes upstream, the client's event, the log
/// line, the metrics and the offline tools.
package struct PolicyDecision: Sendable, Equatable {
    /// How it came out.
    package enum Verdict: String, Sendable, Equatable, CaseIterable {
        /// What the client asked goes upstream, field for field.
        case unchanged
        /// Something else goes upstream.
        case changed
        /// Nothing goes upstream.
        case refused
    }

    /// The policy's name.
    package let policy: String
    /// What goes upstream; `nil` when the start is refused.
    package let message: StartMessage?
    /// Every setting that was asked for or is applied, in the order of `StartField`, then what is not known, in the
    /// order of the message.
    package let fields: [FieldDecision]

    package init(policy: String, message: StartMessage?, fields: [FieldDecision]) {
        self.policy = policy
        self.message = message
        self.fields = fields
    }

    /// The fields of which something else is applied than was asked, or would be if it were not only observed.
    package var adjustments: [FieldDecision] { fields.filter { $0.reason != nil } }

    package var verdict: Verdict {
        guard message != nil else { return .refused }
        return fields.contains { $0.effect == .adjusted } ? .changed : .unchanged
    }
}

/// What a policy makes of one field of a `start`.
package struct FieldDecision: Sendable, Equatable {
    /// A setting, or a member that is not known.
    package enum Subject: Sendable, Equatable {
        case field(StartField)
        /// Its path, `vad.colour`, when that is printable and at most 64 bytes; otherwise `(unprintable)`.
        case unknown(String)
    }

    /// Why something else is applied than was asked. The raw values are labels of a metric.
    package enum Reason: String, Sendable, Equatable, CaseIterable {
        /// Asked for less than the least, or the client was outside of what makes sense.
        case min
        /// Asked for more than the most: a number, or a text's length.
        case max
        /// The policy fixes the value or requires the flag.
        case fixed
        /// The client was silent.
        case `default`
        /// Not among the allowed values, or never allowed.
        case denied
        /// Not a known field.
        case unknown
    }

    /// What came of it.
    package enum Effect: String, Sendable, Equatable, CaseIterable {
        /// Goes upstream as it was asked, and within the policy.
        case kept
        /// Something else goes upstream, or nothing.
        case adjusted
        /// Goes upstream as it was asked; `applied` and `reason` tell what the policy would make of it.
        case observed
        /// The start is refused because of it.
        case refused
    }

    package let subject: Subject
    /// What the client asked for; `nil` when it was silent.
    package let asked: JSONValue?
    /// What the policy makes of it; `nil` when it is left out or refused.
    package let applied: JSONValue?
    /// Why `applied` is not `asked`; `nil` when it is, or when the value is of the wrong type.
    package let reason: Reason?
    package let effect: Effect
    /// What the policy allows, in words with units: `from 200 to 2000 (milliseconds)`.
    package let allowed: String

    package init(
        subject: Subject, asked: JSONValue?, applied: JSONValue?, reason: Reason?, effect: Effect, allowed: String
    ) {
        self.subject = subject
        self.asked = asked
        self.applied = applied
        self.reason = reason
        self.effect = effect
        self.allowed = allowed
    }
}
