/// What a policy makes of one field of a `start`.
package struct FieldDecision: Sendable, Equatable {
    /// A setting, or a member that is not known.
    package enum Subject: Sendable, Equatable {
        case field(StartField)
        /// Its path, `vad.colour`, when that is of printable ASCII and at most 64 bytes; otherwise `(unprintable)`.
        case unknown(String)
        /// So many more that are not known.
        case moreUnknown(Int)
    }

    /// Why something else is applied than was asked. The raw values are labels of a metric.
    package enum Reason: String, Sendable, Equatable, CaseIterable {
        /// Less than the least was asked for.
        case min
        /// More than the most was asked for: a number, or a text's length.
        case max
        /// The policy fixes the value, or requires that there is one.
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
    /// Why `applied` is not `asked`; `nil` when it is.
    package let reason: Reason?
    package let effect: Effect
    /// What the policy allows, in words with units that follow on "must be": `from 200 to 2000 (milliseconds)`. At
    /// most 59 bytes.
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
