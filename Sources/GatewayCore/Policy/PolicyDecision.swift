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
    /// Every setting that was asked for, is applied or is missing, in the order of `StartField`, then what is not known
    /// in the order of the message: its own members, then those of `vad`.
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
