/// The version of this program.
package enum GatewayVersion {
    /// Semantic version, as `version`, the metrics and the `Server` of the admin surface show it.
    package static let current = "0.1.0"
}
