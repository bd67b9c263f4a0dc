import GatewayCore

/// Something that a policy says, and where.
struct Written<Value> {
    let value: Value
    let place: ConfigValue
    /// The name of the policy that says it.
    let policy: String
    /// The preset that says it for the policy; then the place is where the policy names the preset.
    var preset: PolicyPreset?

    /// The line of the file, from 1.
    var line: Int { place.node.start.line }
}
