/// How reading the configuration again came out.
package enum ReloadOutcome: String, Sendable, CaseIterable {
    /// The new settings are in force.
    case success
    /// Nothing was changed.
    case failure
}
