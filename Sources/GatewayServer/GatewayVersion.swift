/// The version of the gateway, said here and nowhere else.
package enum GatewayVersion {
    /// As semantic versioning spells it.
    package static let current = "0.1.0"
}
