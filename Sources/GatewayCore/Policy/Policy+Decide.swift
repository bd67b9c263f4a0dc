extension Policy {
    /// Judges a `start`. Pure: the same policy and message give the same decision.
    package func decide(_ start: StartMessage) -> PolicyDecision {
        PolicyDecision(policy: name, message: start, fields: [])
    }
}
